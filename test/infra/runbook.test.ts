// Every alarm's heading says what to type, and what is typed names resources that the template has.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { PRICES } from '../../bench/prices.ts';
import { METRICS } from '../../names/metrics.ts';
import { blocksOf, headingsOf, readPage } from '../support/pages.ts';
import { resources, synthesize } from './support.ts';

const PAGE = readPage('docs/runbook.md');
const PREAMBLE = PAGE.slice(0, PAGE.indexOf('\n## '));
const sections = headingsOf(PAGE).filter(({ body }) => body.startsWith('## '));
const commandsOf = (text: string): string[] =>
  blocksOf(text).flatMap(({ info, text: block }) => (info === 'sh' ? [block] : []));

const { appTemplate, dataTemplate, readingTemplate } = synthesize();
const TEMPLATES = { App: appTemplate, Data: dataTemplate, Reading: readingTemplate };

/** Logical names that begin so, of one kind in one stack. */
const named = (stack: string, kind: string, prefix: string): string[] =>
  resources(TEMPLATES[stack as keyof typeof TEMPLATES], kind)
    .map(([id]) => id)
    .filter((id) => id.startsWith(prefix));

/** Variables that a shell text sets, and those that it reads. */
const setBy = (text: string): string[] =>
  [...text.matchAll(/(?:^|[\s;])(?:for )?([A-Za-z_]+)(?:=| in )/gm)].map(([, name]) => name!);
const readBy = (text: string): string[] => [...text.matchAll(/\$\{?([A-Za-z_]+)/g)].map(([, name]) => name!);

describe.each(sections)('$title', ({ body }) => {
  test('has commands for the investigation and for the resolution', () => {
    for (const part of ['Investigation', 'Resolution']) {
      const { body: text } = headingsOf(body).find(({ title }) => title === part)!;
      expect([part, commandsOf(text).length > 0]).toEqual([part, true]);
    }
  });

  test('whose every word a shell can read, and whose every name is set before', () => {
    const filledIn = [...PREAMBLE.matchAll(/^\| (`\$.+?) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`\$([A-Z_]+)`/g)].map(([, name]) => name!),
    );
    const known = new Set([
      ...setBy(commandsOf(PREAMBLE).join('')),
      ...filledIn,
      ...setBy(commandsOf(body).join('\n')),
    ]);
    for (const command of commandsOf(body)) {
      execFileSync('bash', ['-n', '-c', command]);
      expect(readBy(command).filter((name) => !known.has(name))).toEqual([]);
    }
  });
});

test('what the runbook looks up by name is there, once', () => {
  const all = commandsOf(PAGE).join('\n');
  const asked = [...all.matchAll(/named (App|Data|Reading) (AWS::\S+) ([A-Za-z]\w+)/g)].map(([, ...words]) => words);
  const called = {
    errors: [...all.matchAll(/\berrors ([A-Z]\w+)/g)].map(([, name]) => ['App', 'AWS::Logs::LogGroup', `${name}Log`]),
    functions: [...all.matchAll(/function_ ([A-Z]\w+)/g)].map(([, name]) => [
      'App',
      'AWS::Lambda::Function',
      `${name}Function`,
    ]),
    queues: [...all.matchAll(/(?:queue|waiting) ([A-Z]\w+)/g)].map(([, name]) => ['App', 'AWS::SQS::Queue', name!]),
    machines: [...all.matchAll(/(?:machine|runs) ([A-Z]\w+)/g)].map(([, name]) => [
      ...['App', 'AWS::StepFunctions::StateMachine', `Workflows${name}Machine`],
    ]),
  };
  const looked = [...asked, ...Object.values(called).flat()] as [string, string, string][];
  expect(looked.length).toBeGreaterThan(40);
  for (const [stack, kind, prefix] of looked) expect([prefix, named(stack, kind, prefix).length]).toEqual([prefix, 1]);
  const metrics = [...all.matchAll(/metric Indelible (\w+)/g)].map(([, name]) => name!);
  expect(metrics.filter((name) => !Object.values<string>(METRICS).includes(name))).toEqual([]);
});

test('what a deployment costs every month is what the templates have, at the prices of the model', () => {
  const page = readPage('docs/for-operators.md');
  const count = (kind: string) =>
    Object.values(TEMPLATES).reduce((sum, template) => sum + resources(template, kind).length, 0);
  const { namespace: _, ...metrics } = METRICS;
  const rows = {
    'KMS keys': [count('AWS::KMS::Key'), PRICES.kmsKey],
    'CloudWatch alarms': [count('AWS::CloudWatch::Alarm'), PRICES.alarm],
    'CloudWatch metrics': [Object.keys(metrics).length, PRICES.metric],
    'CloudWatch dashboard': [count('AWS::CloudWatch::Dashboard'), PRICES.dashboard],
  } as const;
  for (const [name, [number, price]] of Object.entries(rows)) {
    const row = new RegExp(`^\\| ${name}[^|]*\\| (\\d+) \\| ([\\d.]+) \\| ([\\d.]+) \\|$`, 'm').exec(page)!;
    expect([name, ...row.slice(1).map(Number)]).toEqual([name, number, price, Number((number * price).toFixed(2))]);
  }
  const sum = Object.values(rows).reduce((all, [number, price]) => all + number * price, 0);
  expect(page).toContain(`| together | | | ${sum.toFixed(2)} |`);
});
