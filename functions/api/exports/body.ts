// Bodies of exports and of grants of them.
import { toPointer } from '../../../core/json/pointer.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { fieldAt } from '../../../core/query/fields.ts';
import { EXPORT_OPERATIONS, PLACE_FIELDS } from '../operations/exports.ts';
import { type Asked, askedOf, type SearchTexts, searchFaults } from '../search/asked.ts';
import { type BodyRules, bodyOf } from '../shared/body.ts';
import type { HttpEvent } from '../shared/http.ts';
import type { ProblemFault } from '../shared/problem.ts';

export interface ExportBody {
  readonly asked: Asked;
  readonly format: string;
  readonly fields?: readonly string[];
  /** As it was sent. */
  readonly request: JsonObject;
}

const RULES = {
  // A query, some filters and a list of fields.
  limits: { ...DEFAULT_LIMITS, bodyBytes: 65_536 },
  slug: 'invalid-export',
} satisfies Partial<BodyRules<never>>;

/** What POST /v1/exports takes. Throws Problem invalid-export, which names every fault. */
export function readExportBody(event: HttpEvent, now: number): ExportBody {
  const request = bodyOf(event, EXPORT_OPERATIONS.startExport, {
    ...{ ...RULES, outcome: 'Nothing was exported.' },
    rules: (body) => [...fieldFaults(body.fields ?? []), ...searchFaults(searchIn(body), now)],
  });
  const { format, fields } = request;
  const asked = askedOf(searchIn(request), now);
  return { asked, format, ...(fields === undefined ? {} : { fields }), request: request as JsonObject };
}

/** What POST /v1/exports/{id}/grants takes. Throws Problem invalid-export. */
export function readGrant(event: HttpEvent): string {
  return bodyOf(event, EXPORT_OPERATIONS.grantExport, { ...RULES, outcome: 'Nothing was granted.' }).subject;
}

const searchIn = ({ format: _, fields: __, ...parameters }: object & { format?: unknown; fields?: unknown }) =>
  parameters as SearchTexts;

function fieldFaults(fields: readonly string[]): ProblemFault[] {
  return fields.flatMap((field, i) => {
    if (fieldAt(field.split('.')) !== undefined || PLACE_FIELDS.includes(field)) return [];
    const detail = 'got a path that no entry has, want one such as actor.id';
    return [{ pointer: toPointer(['fields', i]), code: 'unknown-field', detail }];
  });
}
