// Holds a configuration against the domain's own readers, so that what synthesizes is what functions will take.
import { CATALOG } from '../../core/catalog/catalog.ts';
import { readOwnCodes } from '../../core/catalog/own.ts';
import { readRetentionPolicy } from '../../core/catalog/policy.ts';
import { compileRedaction, RedactionPolicyError } from '../../core/redact/configure.ts';
import type { Faults } from './reader.ts';
import type { StageConfig } from './stage.ts';

export function checkDomain({ retention, tenants, redaction, catalog }: StageConfig, faults: Faults): void {
  for (const { action, member, got, want } of readOwnCodes(catalog, CATALOG).faults) {
    faults.add(`catalog.${action}${member === undefined ? '' : `.${member}`}`, got, want);
  }
  const promised = Object.fromEntries(Object.entries(tenants).map(([tenant, own]) => [tenant, own.retention]));
  for (const { tenant, category, got, want } of readRetentionPolicy(retention, promised).faults) {
    faults.add(`${tenant === undefined ? '' : `tenants.${tenant}.`}retention.${category}`, got, want);
  }
  redaction.patterns.forEach((pattern, i) => {
    check(`redaction.patterns[${i}]`, pattern, { patterns: [pattern] }, faults);
  });
  redaction.pointers.forEach((pointer, i) => {
    check(`redaction.pointers[${i}]`, pointer, { pointers: [pointer] }, faults);
  });
}

function check(path: string, got: unknown, config: object, faults: Faults): void {
  try {
    compileRedaction(config);
  } catch (error) {
    if (!(error instanceof RedactionPolicyError)) throw error;
    faults.add(path, got, `one that can be applied: ${error.message}`);
  }
}
