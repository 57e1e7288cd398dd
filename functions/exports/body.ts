import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { fieldAt } from '../../core/query/fields.ts';
import { type Asked, askedOf, type SearchTexts } from '../search/asked.ts';
import { FORMATS, MOST_FIELDS, MOST_SUBJECT } from '../shared/api/exports.ts';
import { SearchParameters } from '../shared/api/search.ts';
import { checkParameters } from '../shared/parameters.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

export interface ExportBody {
  readonly asked: Asked;
  readonly format: string;
  readonly fields?: readonly string[];
}

/** What POST /v1/exports takes. Throws Problem invalid-export, which names every fault. */
export function readExportBody(body: JsonValue, now: number): ExportBody {
  const faults: ProblemFault[] = [];
  const members = objectOf(body, faults);
  const { format, fields, ...parameters } = members;
  if (typeof format !== 'string' || !FORMATS.some((one) => one === format)) {
    faults.push(fault('format', 'unknown-format', `want one of ${FORMATS.join(', ')}`));
  }
  const columns = fields === undefined ? undefined : columnsOf(fields, faults);
  const asked = askedIn(parameters, now, faults);
  settle(faults);
  return { asked: asked!, format: format as string, ...(columns === undefined ? {} : { fields: columns }) };
}

/** What POST /v1/exports/{id}/grants takes. Throws Problem invalid-export. */
export function readGrant(body: JsonValue): string {
  const faults: ProblemFault[] = [];
  const { subject, ...others } = objectOf(body, faults);
  for (const name of Object.keys(others)) faults.push(unknown(name));
  if (typeof subject !== 'string' || subject === '' || [...subject].length > MOST_SUBJECT) {
    faults.push(fault('subject', 'wrong-type', "want the subject of somebody's token"));
  }
  settle(faults);
  return subject as string;
}

function objectOf(body: JsonValue, faults: ProblemFault[]): JsonObject {
  if (isJsonObject(body)) return body;
  faults.push({ pointer: '', code: 'not-an-object', detail: 'got something else, want an object' });
  return {};
}

function askedIn(parameters: JsonObject, now: number, faults: ProblemFault[]): Asked | undefined {
  const known = Object.keys(SearchParameters.properties);
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name)) faults.push(unknown(name));
    else if (typeof value !== 'string') faults.push(fault(name, 'wrong-type', 'got something else, want text'));
  }
  if (faults.length > 0) return undefined;
  try {
    return askedOf(
      checkParameters(parameters as Readonly<Record<string, string>>, SearchParameters) as SearchTexts,
      now,
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const said = error.options.errors ?? [{ pointer: '', code: 'unusable', detail: error.message }];
    faults.push(...said);
    return undefined;
  }
}

function columnsOf(fields: JsonValue, faults: ProblemFault[]): string[] {
  if (!Array.isArray(fields) || fields.length === 0 || fields.length > MOST_FIELDS) {
    faults.push(fault('fields', 'wrong-type', `want 1 to ${MOST_FIELDS} paths of an entry`));
    return [];
  }
  return fields.flatMap((field, i) => {
    if (typeof field === 'string' && (fieldAt(field.split('.')) !== undefined || PLACES.includes(field)))
      return [field];
    const pointer = toPointer(['fields', i]);
    faults.push({ pointer, code: 'unknown-field', detail: 'want a path of an entry, such as actor.id' });
    return [];
  });
}

/** What a row has besides the entry. */
const PLACES = ['chain', 'position', 'leafHash', 'link'];

const fault = (name: string, code: string, detail: string): ProblemFault => ({
  pointer: toPointer([name]),
  code,
  detail,
});
const unknown = (name: string) => fault(name, 'unknown-field', 'got a member that has no meaning here');

function settle(faults: readonly ProblemFault[]): void {
  if (faults.length > 0) throw new Problem('invalid-export', 'Nothing was exported.', { errors: faults });
}
