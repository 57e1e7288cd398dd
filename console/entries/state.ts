// What the page of entries shows, as it stands in the address: whoever is given the link sees the same question.

/** A range that ends now, such as the last seven days. */
interface LastRange {
  readonly amount: number;
  readonly unit: RangeUnit;
}

/** From then on, and before: RFC 3339. */
interface FixedRange {
  readonly from: string;
  readonly to: string;
}

/** `all`: as far back as there is anything to search. */
export type Range = 'all' | LastRange | FixedRange;

const UNITS = { second: 's', minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'M', year: 'y' } as const;
export type RangeUnit = keyof typeof UNITS;

const SORTS = ['recordedAt', 'occurredAt'] as const;
export type Sort = (typeof SORTS)[number];

/** Where an entry stands. */
export interface Place {
  readonly chain: number;
  readonly position: number;
}

export interface EntriesState {
  /** Text of the search language. */
  readonly q: string;
  readonly range: Range;
  readonly sort: Sort;
  readonly order: 'desc' | 'asc';
  /** The reader's own reads of the trail are listed too. */
  readonly own: boolean;
  /** Counts from 1; a later one needs the cursor that leads there. */
  readonly page: number;
  readonly cursor: string | undefined;
  /** The entry in the panel. */
  readonly open: Place | undefined;
}

const DEFAULT_RANGE: LastRange = { amount: 7, unit: 'day' };

export const DEFAULT_STATE: EntriesState = {
  ...{ q: '', range: DEFAULT_RANGE, sort: 'recordedAt', order: 'desc', own: false },
  ...{ page: 1, cursor: undefined, open: undefined },
};

/** What is none of it is as if it were not there: a mistyped link shows something sensible. */
export function stateOf(address: URLSearchParams): EntriesState {
  const page = Number(address.get('page') ?? '1');
  const cursor = address.get('cursor') ?? undefined;
  const later = cursor !== undefined && Number.isSafeInteger(page) && page > 1;
  return {
    q: address.get('q') ?? '',
    range: rangeOf(address),
    sort: SORTS.find((one) => one === address.get('sort')) ?? 'recordedAt',
    order: address.get('order') === 'asc' ? 'asc' : 'desc',
    own: address.get('own') === '1',
    page: later ? page : 1,
    cursor: later ? cursor : undefined,
    open: placeOf(address.get('open')),
  };
}

/** Only what differs from the defaults, so that links are short. */
export function addressOfState(state: EntriesState): URLSearchParams {
  const { q, range, sort, order, own, page, cursor, open } = state;
  const address = new URLSearchParams();
  if (q !== '') address.set('q', q);
  if (range === 'all') address.set('last', 'all');
  else if ('from' in range) {
    address.set('from', range.from);
    address.set('to', range.to);
  } else if (range.amount !== DEFAULT_RANGE.amount || range.unit !== DEFAULT_RANGE.unit) {
    address.set('last', `${range.amount}${UNITS[range.unit]}`);
  }
  if (sort !== 'recordedAt') address.set('sort', sort);
  if (order !== 'desc') address.set('order', order);
  if (own) address.set('own', '1');
  if (page > 1 && cursor !== undefined) {
    address.set('page', String(page));
    address.set('cursor', cursor);
  }
  if (open !== undefined) address.set('open', `${open.chain}.${open.position}`);
  return address;
}

const LAST = /^([1-9]\d{0,4})([smhdwMy])$/;

function rangeOf(address: URLSearchParams): Range {
  const [last, from, to] = [address.get('last') ?? '', address.get('from') ?? '', address.get('to') ?? ''];
  if (last === 'all') return 'all';
  const [, amount, letter] = LAST.exec(last) ?? [];
  const unit = (Object.keys(UNITS) as RangeUnit[]).find((one) => UNITS[one] === letter);
  if (amount !== undefined && unit !== undefined) return { amount: Number(amount), unit };
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return begin < end ? { from, to } : DEFAULT_RANGE;
}

const PLACE = /^(\d{1,2})\.(\d{1,15})$/;

/** `2.41`; undefined for what is no place. */
export function placeOf(text: string | null): Place | undefined {
  const [, chain, position] = PLACE.exec(text ?? '') ?? [];
  return chain === undefined ? undefined : { chain: Number(chain), position: Number(position) };
}
