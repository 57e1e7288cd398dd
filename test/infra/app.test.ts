// The CDK app and its templates.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { SITE } from '../../names/site.ts';
import { FUNCTION_COUNT, type Resource, resources, synthesize } from './support.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly outdir: string;
}

/** The app as `npm run synth`, the CDK command line and the local runtime start it. */
function run(environment: Record<string, string> = {}): Run {
  const outdir = mkdtempSync(join(tmpdir(), 'indelible-synth-'));
  const { PATH, HOME } = process.env as Record<string, string>;
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: ROOT,
    env: { PATH, HOME, CDK_OUTDIR: outdir, ...environment },
    encoding: 'utf8',
  });
  return { status, stderr, outdir };
}

/** Without CDK's own validation, which is most of a synthesis and looks at the first one. */
const unvalidated = (environment: Record<string, string> = {}): Run => run({ CDK_VALIDATION: 'false', ...environment });

const NO_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

const templateOf = (outdir: string, stack: string) =>
  JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8')) as { Resources: Record<string, Resource> };

describe('the app', () => {
  const first = run();
  const second = unvalidated();
  const functions = () =>
    Object.values(templateOf(first.outdir, 'Indelible-App').Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );

  test('is what CDK’s own validation of templates finds nothing in', () => {
    const { status, stderr, outdir } = first;
    const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Bundling asset '));
    expect([status, said]).toEqual([0, []]);
    // Its findings are warnings, which end no synthesis.
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(report).toMatchObject({ title: 'Validation Report', pluginReports: [] });
    expect(existsSync(join(second.outdir, 'validation-report.json'))).toBe(false);
  });

  test('puts one module of each function where the template says, and its pages beside that of the site', () => {
    expect(functions()).toHaveLength(FUNCTION_COUNT);
    const assets = functions().map(({ Metadata }) => readdirSync(join(first.outdir, Metadata!['aws:asset:path'])));
    const [withPages, ...others] = assets.map((files) => files.toSorted()).toSorted((a, b) => b.length - a.length);
    expect(withPages).toEqual(['index.mjs', SITE.folder]);
    for (const files of others) expect(files).toEqual(['index.mjs']);
  });

  test('gives each function the environment that it asks for when it starts', () => {
    for (const { Metadata, Properties } of functions()) {
      const module = join(first.outdir, Metadata!['aws:asset:path'], 'index.mjs');
      const script = `console.log(typeof (await import(${JSON.stringify(pathToFileURL(module).href)})).handler); process.exit()`;
      // What CloudFormation would resolve is a name to the function, whatever it is.
      const variables = Object.entries((Properties.Environment?.Variables ?? {}) as Record<string, unknown>);
      const env = Object.fromEntries(
        variables.map(([name, value]) => [name, typeof value === 'string' ? value : 'name']),
      );
      const answer = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...env, AWS_REGION: 'us-east-1' },
        encoding: 'utf8',
      });
      expect([Properties.Description, answer]).toEqual([Properties.Description, 'function\n']);
    }
  });

  test('gives the same templates and the same bundles each time', () => {
    for (const stack of ['Indelible-Data', 'Indelible-App']) {
      expect(templateOf(second.outdir, stack)).toEqual(templateOf(first.outdir, stack));
    }
    for (const { Metadata } of functions())
      expect(existsSync(join(second.outdir, Metadata!['aws:asset:path']))).toBe(true);
  });

  test('takes its configuration from a file and from the context', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'indelible-config-')), 'config.json');
    writeFileSync(file, '{"name":"Trial","hotWindow":"P2D"}');
    const context = JSON.stringify({ ...NO_BUNDLES, indelible: { hotWindow: 'P3D' } });
    const { outdir } = unvalidated({ INDELIBLE_CONFIG: file, CDK_CONTEXT_JSON: context });
    expect(readFileSync(join(outdir, 'Trial-App.template.json'), 'utf8')).toContain('"HOT_WINDOW_SECONDS": "259200"');
  });

  test('says what is wrong with a configuration, without a stack trace', () => {
    const { status, stderr } = unvalidated({ CDK_CONTEXT_JSON: '{"indelible":{"hotWindow":"P0D"}}' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'The configuration has a fault:\n  hotWindow: got "P0D", want an ISO 8601 duration in weeks, days or less, at least P1D\n',
    );
  });
});

describe('the templates', () => {
  const { dataTemplate, appTemplate, app } = synthesize();
  const templates = [dataTemplate, appTemplate].map((template) => template.toJSON());

  test('fit any account and region, ask nobody, and hold no code of CDK’s own', () => {
    for (const { Parameters, Mappings, Conditions, Rules } of templates) {
      expect([Parameters, Mappings, Conditions, Rules]).toEqual([undefined, undefined, undefined, undefined]);
    }
    expect(app.synth().manifest.missing).toBeUndefined();
    const kinds = templates.flatMap(({ Resources }) =>
      Object.values(Resources as Record<string, Resource>).map(({ Type }) => Type),
    );
    expect(kinds.filter((kind) => !/^AWS::/.test(kind) || /CustomResource|CDK::/.test(kind))).toEqual([]);
    expect(JSON.stringify(templates)).not.toMatch(/\b\d{12}\b|\b(us|eu|ap)-[a-z]+-\d\b/);
  });

  test('let the application know the data and not the other way about', () => {
    expect(JSON.stringify(dataTemplate.toJSON())).not.toContain('Fn::ImportValue');
  });

  test('name nothing that would keep a second stage out of the account', () => {
    const named = resources(appTemplate, 'AWS::Events::EventBus').map(([id]) => id);
    const names = [
      ...resources(dataTemplate, 'AWS::DynamoDB::Table'),
      ...resources(dataTemplate, 'AWS::S3::Bucket'),
      ...resources(appTemplate, 'AWS::Lambda::Function'),
    ];
    expect(named).toHaveLength(1);
    for (const [, { Properties }] of names) {
      expect([Properties.TableName, Properties.BucketName, Properties.FunctionName]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });
});
