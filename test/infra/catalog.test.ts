// The table, the workgroup and the saved queries of Athena.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { QUESTIONS } from '../../lib/constructs/questions.ts';
import { segmentKey, segmentPlace } from '../../names/archive.ts';
import { CATEGORY_NAMES } from '../../names/categories.ts';
import { SEGMENT_COLUMNS } from '../../names/segment.ts';
import { ARCHIVE_BUCKET, TABLE_INPUT } from '../support/athena.ts';
import { type Json, resources, synthesize } from './support.ts';

let reading: Template;
beforeAll(() => {
  reading = synthesize().readingTemplate;
});

const only = (kind: string): Json => {
  const found = resources(reading, kind);
  expect(found).toHaveLength(1);
  return found[0]![1].Properties;
};

/** What CloudFormation joins, with the archive's name in the place of its import. */
const joined = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(joined);
  if (typeof value !== 'object' || value === null) return value;
  const parts: Json[] | undefined = value['Fn::Join']?.[1];
  if (parts !== undefined) return parts.map((part) => (typeof part === 'string' ? part : ARCHIVE_BUCKET)).join('');
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, joined(inner)]));
};

describe('the table', () => {
  test('is the one that the local Athena is tried with', () => {
    const { Description, ...input } = joined(only('AWS::Glue::Table').TableInput);
    expect(Description).toContain('docs/athena.md');
    expect(input).toEqual(TABLE_INPUT);
  });

  test('has every column of a segment, with what it means', () => {
    const { Columns } = only('AWS::Glue::Table').TableInput.StorageDescriptor;
    expect(Columns.map(({ Name, Type }: Json) => [Name, Type])).toEqual(
      SEGMENT_COLUMNS.map(({ name, glue }) => [name, glue]),
    );
    for (const { Comment } of Columns) expect(Comment.length).toBeGreaterThan(5);
  });

  test('finds segments where they are written', () => {
    const { Parameters } = joined(only('AWS::Glue::Table').TableInput);
    const key = segmentKey('acme', 'payment', '2026-03-01', 0, 7);
    const values: Record<string, string> = { tenant: 'acme', category: segmentPlace(key)!.category, day: '2026-03-01' };
    const location = Parameters['storage.location.template'].replaceAll(
      /\$\{(\w+)\}/g,
      (_: string, name: string) => values[name],
    );
    expect(`s3://${ARCHIVE_BUCKET}/${key}`.startsWith(location)).toBe(true);
  });

  test('projects the categories of the catalog, all of them', () => {
    expect([...CATEGORY_NAMES]).toEqual([...CATEGORIES.keys()]);
    for (const name of CATEGORY_NAMES) expect(name).toMatch(/^[a-z_]+$/);
  });
});

describe('the workgroup', () => {
  test('bounds what a query reads and says where results go, whatever a caller asks for', () => {
    const { WorkGroupConfiguration, RecursiveDeleteOption } = only('AWS::Athena::WorkGroup');
    expect(RecursiveDeleteOption).toBe(true);
    expect(WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      BytesScannedCutoffPerQuery: 100_000_000_000,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: expect.anything() } },
    });
    expect(joined(WorkGroupConfiguration.ResultConfiguration.OutputLocation)).toMatch(/^s3:\/\/[^/]+\/athena\/$/);
    const { readingTemplate } = synthesize({ name: 'Staging-2', reading: { scanLimitGigabytes: 7 } });
    readingTemplate.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'Staging-2',
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 7_000_000_000 },
    });
    readingTemplate.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'staging_2' } });
  });
});

describe('saved queries', () => {
  test('are the questions, each for one tenant and its days', () => {
    const queries = resources(reading, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);
    expect(queries.map(({ Name }) => Name).toSorted()).toEqual(QUESTIONS.map(({ name }) => name).toSorted());
    for (const { sql, parameters } of QUESTIONS) {
      expect(sql).toContain('WHERE tenant = ? AND day BETWEEN ? AND ?');
      expect([...sql.matchAll(/\?/g)]).toHaveLength(3 + parameters.length);
    }
  });
});
