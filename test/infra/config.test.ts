// The configuration of a stage.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import { fixedSeconds, leastDays, parseDuration } from '../../lib/config/duration.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { DEFAULTS, LIMIT_BOUNDS } from '../../lib/config/stage.ts';
import { ConfigurationError } from '../../lib/config/validate.ts';

function faultsOf(context: unknown, file?: string): readonly string[] {
  try {
    loadConfig({ context, file });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

function jsonFile(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'indelible-config-')), 'config.json');
  writeFileSync(path, text);
  return path;
}

describe('configuration', () => {
  test('is complete without any', () => {
    expect(loadConfig({})).toEqual(DEFAULTS);
  });

  test('merges the file over the defaults and the context over the file', () => {
    const file = jsonFile(
      '{"throttling":{"rateLimit":7,"burstLimit":8},"retention":{"payment":"P10Y"},"events":{"awsSources":["aws.s3"]}}',
    );
    const context = {
      throttling: { rateLimit: 9 },
      retention: { debug: 'P1D' },
      events: { awsSources: ['aws.guardduty'] },
    };
    const config = loadConfig({ file, context });
    expect(config.throttling).toEqual({ rateLimit: 9, burstLimit: 8 });
    expect(config.retention).toEqual({ payment: 'P10Y', debug: 'P1D' });
    expect(config.events.awsSources).toEqual(['aws.guardduty']);
    expect(config.hotWindow).toBe('P90D');
  });

  test('puts single retentions over those of a preset', () => {
    const { retention } = loadConfig({
      context: { retentionPreset: 'case-management', retention: { debug: 'P8Y' } },
    });
    expect(retention).toMatchObject({ security: 'permanent', authentication: 'P7Y', debug: 'P8Y' });
    expect(faultsOf({ retentionPreset: 'S4' })).toEqual([
      expect.stringContaining('retentionPreset: got "S4", want one of catalog, client-records'),
    ]);
  });

  test.each<[string, object, RegExp]>([
    ['a category that is none', { retention: { paymnt: 'P7Y' } }, /^retention\.paymnt: got "P7Y", want a category/],
    [
      'a tenant’s period below the catalog’s',
      { tenants: { acme: { retention: { payment: 'P1Y' } } } },
      /^tenants\.acme\.retention\.payment: got "P1Y", want at least P7Y, which the deployment keeps it for/,
    ],
    [
      'a tenant’s period below its preset’s',
      { retentionPreset: 'case-management', tenants: { acme: { retention: { debug: 'P1Y' } } } },
      /^tenants\.acme\.retention\.debug: got "P1Y", want at least P7Y/,
    ],
    [
      'a tenant’s category that is none',
      { tenants: { acme: { retention: { paymnt: 'P9Y' } } } },
      /^tenants\.acme\.retention\.paymnt: got "P9Y", want a category/,
    ],
    [
      'a pattern with nested repeats',
      { redaction: { patterns: [{ name: 'x', pattern: '(a+)+b' }] } },
      /^redaction\.patterns\[0\]: got an object, want one that can be applied: .*a repeated group may hold no repetition/,
    ],
    [
      'a pattern whose name is no kind',
      { redaction: { patterns: [{ name: 'Staff Id', pattern: 'S-[0-9]+' }] } },
      /^redaction\.patterns\[0\]/,
    ],
    ['a pointer to what makes an entry', { redaction: { pointers: ['/id'] } }, /^redaction\.pointers\[0\]: got "\/id"/],
  ])('refuses before synthesis what functions would refuse later: %s', (_, context, fault) => {
    expect(faultsOf(context)).toEqual([expect.stringMatching(fault)]);
  });

  test('takes packs of personal numbers by name', () => {
    expect(loadConfig({ context: { redaction: { packs: ['iban', 'nl-bsn'] } } }).redaction.packs).toEqual([
      'iban',
      'nl-bsn',
    ]);
    expect(faultsOf({ redaction: { packs: ['bsn'] } })).toEqual([
      expect.stringContaining('redaction.packs[0]: got "bsn", want one of iban'),
    ]);
  });

  test('takes the context as JSON text, as the cdk command line gives it', () => {
    expect(loadConfig({ context: '{"systemTenant":"ops"}' }).systemTenant).toBe('ops');
  });

  test('gives tenants plans and reviewers, and plans of one’s own', () => {
    const { plans, tenants } = loadConfig({
      context: {
        plans: { trial: { window: 'P1W', downloads: false }, full: { downloads: false } },
        tenants: { acme: { plan: 'trial', reviewers: ['u-1', 'u-2'] }, globex: { retention: {} } },
      },
    });
    expect(plans).toEqual({
      full: { window: 'unlimited', downloads: false },
      starter: { window: 'P30D', downloads: false },
      trial: { window: 'P1W', downloads: false },
    });
    expect(tenants).toEqual({
      acme: { retention: {}, plan: 'trial', reviewers: ['u-1', 'u-2'] },
      globex: { retention: {} },
    });
  });

  test.each<[object, string]>([
    [{ plans: { 'Big Plan': { window: 'P1D', downloads: true } } }, 'a key of plans: got "Big Plan"'],
    [{ plans: { trial: { window: 'P1M', downloads: true } } }, 'plans.trial.window: got "P1M"'],
    [{ plans: { trial: { window: 'PT0S', downloads: true } } }, 'plans.trial.window: got "PT0S"'],
    [{ plans: { trial: { window: 'for ever', downloads: true } } }, 'plans.trial.window: got "for ever"'],
    [{ plans: { trial: { downloads: true } } }, 'plans.trial.window: got nothing'],
    [{ plans: { trial: { window: 'P1D', downloads: 'no' } } }, 'plans.trial.downloads: got "no"'],
    [{ plans: { trial: { window: 'P1D', downloads: true, price: 5 } } }, 'plans.trial.price: got 5'],
    [{ tenants: { acme: { plan: 'gold' } } }, 'tenants.acme.plan: got "gold", want one of full, starter'],
    [{ tenants: { acme: { plan: '' } } }, 'tenants.acme.plan: got ""'],
    [{ tenants: { acme: { reviewers: 'u-1' } } }, 'tenants.acme.reviewers: got "u-1"'],
    [{ tenants: { acme: { reviewers: ['u-1', ''] } } }, 'tenants.acme.reviewers[1]: got ""'],
    [{ reading: { facets: ['actor', 'colour'] } }, 'reading.facets[1]: got "colour"'],
    [{ reading: { scanLimitGigabytes: 0 } }, 'reading.scanLimitGigabytes: got 0'],
    [{ reading: { exportDays: 366 } }, 'reading.exportDays: got 366'],
    [{ reading: { exportDays: 1.5 } }, 'reading.exportDays: got 1.5'],
    [{ reading: { pages: 3 } }, 'reading.pages: got 3'],
    [
      { oidc: { issuer: 'https://id.example.com', audience: ['a'], console: { token: 'refresh' } } },
      'oidc.console.token: got "refresh", want access or id',
    ],
    [
      { oidc: { issuer: 'https://id.example.com', audience: ['a'], console: { scope: 'email' } } },
      'oidc.console.scope: got "email", want scopes with blanks between them, openid among them',
    ],
    [
      { oidc: { issuer: 'https://id.example.com', audience: ['a'], console: { origins: ['https://a.example/x'] } } },
      'oidc.console.origins[0]: got "https://a.example/x", want an origin',
    ],
    [
      { oidc: { issuer: 'https://id.example.com', audience: ['a'], console: { secret: 's' } } },
      'oidc.console.secret: got "s", want no such setting',
    ],
    [
      { oidc: { issuer: 'https://id.example.com', audience: ['a'], casesClaim: '' } },
      'oidc.casesClaim: got "", want the name of a claim',
    ],
  ])('refuses %j', (context, fault) => {
    const faults = faultsOf(context);
    expect(faults.map((line) => line.slice(0, fault.length))).toContain(fault);
  });

  test('names every fault at once, each with its path, what it got and what it wants', () => {
    expect(
      faultsOf({
        hotWindow: 'PT23H',
        retention: { payment: '7 years', 'Not A Category': 'P1Y' },
        limits: { entryBytes: 60_001, entries: 1 },
        throttling: { rateLimit: 0 },
        oidc: { issuer: 'http://id.example.com', audience: 'me' },
        strictCatalog: 'yes',
        hotwindow: 'P1D',
      }).toSorted(),
    ).toEqual([
      'a key of retention: got "Not A Category", want a category: lower-case letters, digits and _',
      'hotWindow: got "PT23H", want an ISO 8601 duration in weeks, days or less, at least P1D',
      expect.stringMatching(/^hotwindow: got "P1D", want no such setting; known are name, hotWindow/),
      'limits.entries: got 1, want no such setting; known are entryBytes, batchEntries, batchBytes, nesting, futureSeconds, bodyBytes',
      'limits.entryBytes: got 60001, want a whole number from 1 to 60000 (an entry has to fit a C2SP entry bundle)',
      'oidc.audience: got "me", want an array of at least 1',
      'oidc.issuer: got "http://id.example.com", want an https URL (http on loopback only)',
      'retention.payment: got "7 years", want an ISO 8601 duration such as P7Y, or \'permanent\'',
      'strictCatalog: got "yes", want true or false',
      'throttling.rateLimit: got 0, want a whole number from 1 to 1000000',
    ]);
  });

  test.each([
    ['a hot window that depends on the calendar', { hotWindow: 'P3M' }, /^hotWindow/],
    ['an empty duration', { hotWindow: 'P' }, /^hotWindow/],
    ['no retention at all', { retention: { debug: 'P0D' } }, /^retention\.debug/],
    ['a system tenant that is no tenant', { systemTenant: '#' }, /^systemTenant/],
    [
      'a pattern that is no regular expression',
      { redaction: { patterns: [{ name: 'x', pattern: '(' }] } },
      /^redaction\.patterns\[0\]\.pattern/,
    ],
    ['a pointer that is none', { redaction: { pointers: ['actor/name'] } }, /^redaction\.pointers\[0\]/],
    ['no audience', { oidc: { issuer: 'https://id.example.com', audience: [] } }, /^oidc\.audience/],
    ['an archive later than a minute', { archive: { batchWindow: 'PT60S' } }, /^archive\.batchWindow/],
    ['an origin with a path', { cors: { origins: ['https://a.example/b'] } }, /^cors\.origins\[0\]/],
    ['a source that is not of AWS', { events: { awsSources: ['app.orders'] } }, /^events\.awsSources\[0\]/],
    ['days that CloudWatch Logs does not know', { logRetentionDays: 100 }, /^logRetentionDays/],
    [
      'more than an environment holds',
      { redaction: { pointers: Array.from({ length: 300 }, (_, n) => `/metadata/${n}`) } },
      /at most 3000 bytes/,
    ],
    ['a name that no stack can have', { name: '1st' }, /^name/],
    ['an array', [], /want a JSON object/],
    ['text that is not JSON', '{', /not JSON/],
  ])('refuses %s', (_, context, fault) => {
    expect(faultsOf(context)).toEqual([expect.stringMatching(fault)]);
  });

  test('refuses a file that is missing or no JSON object', () => {
    expect(faultsOf({}, '/nowhere/config.json')).toEqual(["INDELIBLE_CONFIG: /nowhere/config.json can't be read"]);
    expect(faultsOf({}, jsonFile('[1]'))).toEqual([expect.stringMatching(/want a JSON object$/)]);
    expect(faultsOf({}, jsonFile('{"a":1,}'))).toEqual([expect.stringMatching(/not JSON/)]);
  });

  test('takes an http issuer on loopback only', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(faultsOf({ oidc: { issuer: `http://${host}:8080/oidc`, audience: ['indelible'] } })).toEqual([]);
    }
  });

  test('bounds the limits where the code does', () => {
    expect(Object.fromEntries(Object.entries(LIMIT_BOUNDS).map(([name, { most }]) => [name, most]))).toEqual(
      DEFAULT_LIMITS,
    );
  });
});

describe('ISO 8601 durations', () => {
  test.each([
    ['P90D', 90 * 86_400],
    ['P2W', 14 * 86_400],
    ['PT20S', 20],
    ['P1DT2H3M4S', 93_784],
  ])('%s is %i seconds', (text, seconds) => {
    expect(fixedSeconds(text)).toBe(seconds);
  });

  test.each(['P', 'PT', 'P1', '1D', 'P1H', 'PT1D', 'P-1D', 'P1.5D', 'p1d', 'P1D ', 'P1M', 'P1Y'])(
    '%s has no fixed length',
    (text) => {
      expect(fixedSeconds(text)).toBeUndefined();
    },
  );

  test('a year and a month are at least so long', () => {
    expect(leastDays(parseDuration('P1Y1M1W')!)).toBe(365 + 28 + 7);
  });
});
