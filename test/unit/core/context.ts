// A fixed context for preparing entries.
import type { PrepareContext } from '../../../core/entry/context.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';

export const NOW = new Date('2026-02-09T10:30:00.000Z');

/** Everything fixed, ids counted: the same input gives the same bytes. */
export function context(overrides: Partial<PrepareContext> = {}): PrepareContext {
  let ids = 0;
  return {
    tenant: 'acme',
    recorder: { type: 'token', id: 'writer-1' },
    now: NOW,
    newId: () => `id-${ids++}`,
    strict: false,
    redaction: NO_EXTRA_REDACTION,
    limits: DEFAULT_LIMITS,
    ...overrides,
  };
}
