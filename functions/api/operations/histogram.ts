// Counts of entries by time in the API's description.
import * as Type from 'typebox';
import { INTERVAL_NAMES } from '../../../core/histogram/slots.ts';
import { PATHS } from '../../../names/api.ts';
import { HISTOGRAM_BY } from '../../../services/histogram/port.ts';
import type { Operation } from './operation.ts';
import { IdText, ref, strict } from './schemas.ts';
import { SearchParameters } from './search-parameters.ts';

/** What a chart has room for; each costs some hundred bytes of the answer. */
export const MOST_SLOTS = 1_000;
export const DEFAULT_SLOTS = 60;
const ZONE = '^(?:[A-Za-z][A-Za-z0-9_+/-]*|[+-](?:0\\d|1\\d|2[0-3]):[0-5]\\d)$';
const MOST_ZONE = 64;

const Span = Type.Object({ from: Type.String(), to: Type.String() }, strict);
const { order: _, ...Counted } = SearchParameters.properties;

const HistogramAnswer = Type.Object(
  {
    by: Type.Enum([...HISTOGRAM_BY]),
    interval: Type.Enum([...INTERVAL_NAMES]),
    timeZone: Type.String(),
    slots: Type.Array(
      Type.Object(
        {
          from: Type.String(),
          to: Type.String(),
          counts: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'by value' }),
          total: Type.Integer({ minimum: 0 }),
          exact: Type.Boolean({ description: 'false: there are at least so many' }),
        },
        strict,
      ),
      { description: 'one after the other, without a hole' },
    ),
    total: Type.Integer({ minimum: 0 }),
    complete: Type.Boolean({ description: 'false where a slot is not exact, or the range goes on in the archive' }),
    uncounted: Type.Array(Span, {
      description: 'of which nothing is counted, as the time ran out: ask for each again',
    }),
    counted: Type.Object(
      { byIndex: Type.Integer({ minimum: 0 }), byLedger: Type.Integer({ minimum: 0 }) },
      { ...strict, description: 'entries that the index told of, and such as were read and verified' },
    ),
    gaps: Type.Array(ref('Gap')),
    range: Span,
    beyond: Type.Optional(Span),
  },
  strict,
);

export const HISTOGRAM_OPERATIONS = {
  countEntries: {
    ...{ name: 'countEntries', method: 'GET', path: PATHS.histogram, tag: 'Search' },
    summary: 'Count what a search of the hot window finds, by time and severity or outcome',
    query: Type.Object({
      ...Counted,
      by: Type.Optional(Type.Enum([...HISTOGRAM_BY], { description: `${HISTOGRAM_BY[0]} unless said` })),
      interval: Type.Optional(
        Type.Enum([...INTERVAL_NAMES], { description: 'how long a slot is; one that makes about `slots` unless said' }),
      ),
      slots: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MOST_SLOTS,
          description: `instead of interval; ${DEFAULT_SLOTS} unless said`,
        }),
      ),
      timeZone: Type.Optional(
        Type.String({
          ...{ pattern: ZONE, maxLength: MOST_ZONE },
          description:
            'where slots begin: the name of a zone such as Asia/Kolkata, or an offset such as +05:30; UTC unless said',
        }),
      ),
      search: Type.Optional(IdText('the id of a saved search, whose parameters hold where none is given')),
    }),
    answers: { 200: { description: 'The counts', content: { 'application/json': HistogramAnswer } } },
    problems: ['invalid-query', 'not-intact', 'not-recorded', 'not-found'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
