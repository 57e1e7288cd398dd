// The catalog of a deployment: own codes are checked, told to functions, used for entries, and listed.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { CATALOG, CATEGORIES } from '../../../core/catalog/catalog.ts';
import { readOwnCodes } from '../../../core/catalog/own.ts';
import { prepareEntry } from '../../../core/entry/prepare.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import { serveCatalog } from '../../../functions/api/catalog/catalog.ts';
import type { HttpEvent } from '../../../functions/api/shared/http.ts';
import { readCatalog } from '../../../functions/shared/catalog.ts';
import { packedCatalog } from '../../../lib/config/validate.ts';
import { context } from '../core/context.ts';
import { CLAIMS, request } from './requests.ts';

const OWN = {
  'parcel.shipped': { category: 'core', description: '{actor} shipped {target}' },
  'parcel.deleted': { category: 'core' },
  'gate.refused': { category: 'security', severity: 'high', outcome: 'denied' },
};
const catalog = readCatalog({ CATALOG: packedCatalog(OWN) });

const entryOf = (action: string, strict = true): Entry =>
  JSON.parse(
    Buffer.from(
      prepareEntry(
        { action, actor: { type: 'user', id: 'u1' }, target: { type: 'parcel', id: 'p1' } },
        context({ catalog, strict }),
      ).bytes,
    ).toString(),
  );

describe('own codes', () => {
  test('are accepted by a strict catalog, with their defaults', () => {
    expect(entryOf('parcel.shipped')).toMatchObject({
      ...{ category: 'core', severity: 'medium', outcome: 'success', description: 'u1 shipped p1' },
    });
    expect(entryOf('parcel.deleted')).toMatchObject({ severity: 'critical', description: 'u1: parcel.deleted p1' });
    expect(entryOf('gate.refused')).toMatchObject({ category: 'security', severity: 'high', outcome: 'denied' });
    expect(() => entryOf('parcel.lost')).toThrow();
  });

  test.each<[string, unknown, string | undefined]>([
    ['Parcel', { category: 'core' }, undefined],
    ['auth.logout', { category: 'core' }, undefined],
    ['a.b', 'core', undefined],
    ['a.b', {}, 'category'],
    ['a.b', { category: 'cores' }, 'category'],
    ['a.b', { category: 'core', severity: 'grave' }, 'severity'],
    ['a.b', { category: 'core', outcome: 'won' }, 'outcome'],
    ['a.b', { category: 'core', description: '{who} did it' }, 'description'],
    ['a.b', { category: 'core', description: '{actor' }, 'description'],
    ['a.b', { category: 'core', retention: 'P1Y' }, 'retention'],
  ])('that can not be are refused: %s %j', (action, value, member) => {
    const { codes, faults } = readOwnCodes({ [action]: value }, CATALOG);
    expect(codes).toEqual([]);
    expect(faults.map((fault) => [fault.action, fault.member])).toEqual([[action, member]]);
    const packed = deflateRawSync(JSON.stringify({ [action]: value })).toString('base64');
    expect(() => readCatalog({ CATALOG: packed })).toThrow(expect.objectContaining({ name: 'EnvironmentError' }));
  });

  test('a hundred of them fit a function’s environment', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `thing${i}.changed_${i}`,
        { category: 'core', description: `{actor} changed thing ${i} of {target}` },
      ]),
    );
    expect(packedCatalog(many).length).toBeLessThan(2_000);
    expect(readCatalog({ CATALOG: packedCatalog(many) }).size).toBe(CATALOG.size + 100);
  });

  test.each(['', undefined])('are none where nothing is configured (%j)', (text) => {
    expect(readCatalog({ CATALOG: text })).toBe(CATALOG);
  });

  test('a variable that is none of ours stops the start', () => {
    expect(() => readCatalog({ CATALOG: 'x' })).toThrow(expect.objectContaining({ name: 'EnvironmentError' }));
  });
});

describe('GET /v1/catalog', () => {
  const retention = (tenant: string, category: string) => (tenant === 'acme' && category === 'debug' ? 'P9Y' : 'P1Y');
  const serve = serveCatalog({ claims: CLAIMS, actions: catalog, retention, strict: true });
  const ask = (role: string) => {
    const event = request({ claims: { [CLAIMS.role]: role } });
    return serve({ ...event, routeKey: 'GET /v1/catalog' } as unknown as HttpEvent);
  };

  test.each(['writer', 'admin', 'investigator', 'compliance', 'auditor', 'operator'])(
    'lists everything to a %s',
    async (role) => {
      const { statusCode, body } = await ask(role);
      const listed = JSON.parse(body!);
      expect(statusCode).toBe(200);
      expect(listed.strict).toBe(true);
      expect(listed.categories.map(({ name }: { name: string }) => name)).toEqual([...CATEGORIES.keys()]);
      expect(listed.categories).toContainEqual(expect.objectContaining({ name: 'debug', retention: 'P9Y' }));
      expect(listed.actions).toHaveLength(CATALOG.size + 3);
      expect(listed.actions).toContainEqual(
        expect.objectContaining({ action: 'gate.refused', sources: ['deployment'] }),
      );
    },
  );

  test('is for those who have a role', async () => {
    await expect(ask('nobody')).rejects.toEqual(expect.objectContaining({ slug: 'forbidden-role' }));
  });
});
