// Completes an entry: redaction, defaults of the catalog, what only the server knows.
import { CATALOG, type CatalogEntry } from '../catalog/catalog.ts';
import { CATEGORIES } from '../catalog/categories.ts';
import { describe } from '../catalog/describe.ts';
import type { JsonObject } from '../json/value.ts';
import { LATE_AFTER_SECONDS } from '../limits.ts';
import { redactEntry } from '../redact/redact.ts';
import type { PrepareContext } from './context.ts';
import { ENTRY_VERSION, type EntryInput, type Outcome, type Redaction, type Severity } from './schema.ts';
import { parseTime } from './time.ts';

/**
 * The entry as it will be hashed: redacted first, so that nothing derived from it (the description) can hold what was
 * removed, then completed by the catalog's defaults and by what only the server knows. Precondition: no faults.
 */
export function complete(input: EntryInput, context: PrepareContext): JsonObject {
  const { value, redacted } = redactEntry(input as JsonObject, context.redaction);
  const known = (context.catalog ?? CATALOG).get(input.action);
  const category = input.category ?? known!.category;
  const occurred = input.occurredAt === undefined ? context.now.getTime() : parseTime(input.occurredAt)!;
  const entry: JsonObject = {
    ...value,
    id: input.id ?? context.newId(),
    v: ENTRY_VERSION,
    tenant: context.tenant,
    category,
    outcome: input.outcome ?? outcomeOf(input.action, known),
    severity: input.severity ?? severityOf(input.action, category, known),
    description:
      input.description === undefined ? derivedDescription(value, known, context, redacted) : value.description!,
    occurredAt: new Date(occurred).toISOString(),
    recordedAt: context.now.toISOString(),
    recorder: context.recorder as unknown as JsonObject,
  };
  if (redacted.length > 0) entry.redacted = redacted;
  if (context.now.getTime() - occurred > LATE_AFTER_SECONDS * 1_000) entry.late = true;
  return entry;
}

const RESULTS: ReadonlyMap<string, Outcome> = new Map([
  ['success', 'success'],
  ['succeeded', 'success'],
  ['failure', 'failure'],
  ['failed', 'failure'],
  ['denied', 'denied'],
]);

/** An unknown action says how it went only by its last word. */
function outcomeOf(action: string, known: CatalogEntry | undefined): Outcome {
  return known?.outcome ?? RESULTS.get(action.slice(action.lastIndexOf('.') + 1)) ?? 'unknown';
}

const DELETION = /[._]deleted?(?:\.|$)/;

function severityOf(action: string, category: string, known: CatalogEntry | undefined): Severity {
  if (known !== undefined) return known.severity;
  return DELETION.test(action) ? 'critical' : CATEGORIES.get(category)!.severity;
}

/** Made of redacted parts, but a policy may mean the description itself, or a pattern what only stands there in full. */
function derivedDescription(
  value: JsonObject,
  known: CatalogEntry | undefined,
  context: PrepareContext,
  redacted: Redaction[],
): string {
  const description = describe(value as EntryInput, known?.description);
  const result = redactEntry({ description }, context.redaction);
  redacted.push(...result.redacted);
  return result.value.description as string;
}
