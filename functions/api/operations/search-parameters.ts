// What a search is asked with: as a query string, in the body of an export, in a saved search.
import * as Type from 'typebox';
import { FILTERS, type FilterName } from '../../../names/search.ts';
import { NO_NUL, strict } from './schemas.ts';

/** Bytes of a query string: API Gateway takes a request line and headers of 10,240 bytes together. */
const MOST_QUERY_TEXT = 8_000;

const TIME = '^\\d{4}-\\d{2}-\\d{2}(?:[Tt].{1,40})?$';
const Moment = (meaning: string) =>
  Type.String({ pattern: TIME, maxLength: 64, description: `an RFC 3339 time or a day in UTC: ${meaning}` });

export const PRESETS = { '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type Preset = keyof typeof PRESETS;

const filters = Object.fromEntries(
  Object.entries(FILTERS).map(([name, field]) => [
    name,
    Type.Optional(
      Type.String({
        maxLength: 4_000,
        pattern: '^[^,\\u0000]+(?:,[^,\\u0000]+)*$',
        description: `values of ${field}, with commas between them`,
      }),
    ),
  ]),
) as Record<FilterName, Type.TOptional<Type.TString>>;

export const Order = Type.Optional(
  Type.Enum(['desc', 'asc'], { description: 'by time; which one is for `sort` to say' }),
);

export const Period = {
  from: Type.Optional(Moment('recorded then or later')),
  to: Type.Optional(Moment('recorded before; of a day: before its end')),
};

/** What SearchParameters can't say. */
export const SEARCH_RULES =
  '`q` has to be a query (docs/search.md), filters values that their fields can have; `preset` stands for `from` and `to`, and `from` has to be before `to`';

/** What a search is, and what a saved one keeps. */
export const SearchParameters = Type.Object(
  {
    q: Type.Optional(
      Type.String({
        ...{ maxLength: MOST_QUERY_TEXT, pattern: NO_NUL },
        description: 'a query of at most 8,000 characters (docs/search.md), without NUL',
      }),
    ),
    ...Period,
    preset: Type.Optional(Type.Enum(Object.keys(PRESETS) as Preset[], { description: 'instead of from' })),
    order: Order,
    ...filters,
  },
  { ...strict, description: SEARCH_RULES },
);
