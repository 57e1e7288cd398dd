/** An event that a rule of the deployment sent because it touches what protects the evidence. */
import type { Severity } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { GUARD } from '../../names/observe.ts';

export interface Guarded {
  /** Name of the rule. */
  readonly rule: string;
  readonly event: JsonValue;
}

const PROTECTION_TOUCHED: { readonly action: string; readonly category: string; readonly severity: Severity } = {
  action: 'audit.protection_touched',
  category: 'security_incident',
  severity: 'critical',
};

/**
 * Undefined for every other event. Only a rule's template makes the form (lib/constructs/guardian.ts): events from a bus have
 * `source` and `detail` at the top, and whoever may put events on one can't choose what is around them.
 */
export function guardedOf(raw: unknown): Guarded | undefined {
  if (!isJsonObject(raw as JsonValue)) return undefined;
  const { [GUARD.member]: rule, [GUARD.event]: event } = raw as JsonObject;
  return typeof rule === 'string' && event !== undefined ? { rule, event } : undefined;
}

/** The call itself is an entry of its own kind too; this one is for whoever answers for the evidence. */
export function asProtectionTouched(described: JsonObject): JsonObject {
  return { ...described, ...PROTECTION_TOUCHED };
}
