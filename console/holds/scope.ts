// What a legal hold covers: as it is written down, as a search that finds it, and as it stands in an address.
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { and, equals, or, type Query } from '../../core/query/ast.ts';
import { printQuery } from '../../core/query/print.ts';
import type { Entry, Operations } from '../api/operations.ts';
import { periodOf } from '../entries/request.ts';
import type { Range } from '../entries/state.ts';

export type HoldScope = Operations['applyHold']['body']['scope'];

/** What somebody has typed so far. Empty text is no condition. */
export interface Draft {
  readonly subject: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly category: string;
  readonly range: Range;
  readonly reason: string;
}

/** `missing-kind`: the id of a record without its kind. `reason`: there is none. */
export type DraftFault = 'missing-kind' | 'reason';

export function faultsOf({ targetType, targetId, reason }: Draft): readonly DraftFault[] {
  return [
    ...(targetId.trim() !== '' && targetType.trim() === '' ? (['missing-kind'] as const) : []),
    ...(reason.trim() === '' ? (['reason'] as const) : []),
  ];
}

/** A range that counts back from now is held from where it begins now, without an end. */
export function scopeOf({ subject, targetType, targetId, category, range }: Draft, now: number): HoldScope {
  const [who, type, id] = [subject, targetType, targetId].map((text) => text.trim()) as [string, string, string];
  return {
    ...(who === '' ? {} : { subject: who }),
    ...(type === '' ? {} : { target: { type, ...(id === '' ? {} : { id }) } }),
    ...(category === '' ? {} : { category: category as NonNullable<HoldScope['category']> }),
    ...boundsOf(range, now),
  };
}

const PRESETS = { '24h': 1, '7d': 7, '30d': 30 } as const;
const DAY_MS = 86_400_000;

function boundsOf(range: Range, now: number): Pick<HoldScope, 'from' | 'to'> {
  const { preset, ...bounds } = periodOf(range, now);
  return preset === undefined ? bounds : { from: new Date(now - PRESETS[preset] * DAY_MS).toISOString() };
}

/** Text that finds all that the scope covers; of related records as near as words come, so `isAbout` has to be asked too. */
export function searchOfScope({ subject, target, category, from, to }: HoldScope): {
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
} {
  const q = printQuery(
    and(
      ...(subject === undefined ? [] : [concerning(subject)]),
      ...(target === undefined ? [] : [about(target.type, target.id)]),
      ...(category === undefined ? [] : [equals('category', category)]),
    ),
  );
  return { ...(q === '' ? {} : { q }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function concerning(subject: string): Query {
  return or(...['actor.id', 'actor.onBehalfOf', 'target.id', 'related.id'].map((field) => equals(field, subject)));
}

function about(type: string, id: string | undefined): Query {
  return or(
    ...['target', 'related'].map((of) =>
      and(equals(`${of}.type`, type), ...(id === undefined ? [] : [equals(`${of}.id`, id)])),
    ),
  );
}

/** Kind and id have to be one record's: the words of a search may each be met by another of the related ones. */
export function isAbout({ target }: HoldScope, { target: own, related = [] }: Entry): boolean {
  if (target?.id === undefined) return true;
  return [own, ...related].some((one) => one?.type === target.type && one.id === target.id);
}

const categoryIn = (text: string): string => (CATEGORIES.has(text) ? text : '');

const EMPTY: Draft = { subject: '', targetType: '', targetId: '', category: '', range: 'all', reason: '' };

/** What a link to a new hold says of it: `subject`, `type`, `id`, `category`, `from` and `to`. */
export function draftOf(address: URLSearchParams): Draft {
  const text = (name: string): string => address.get(name) ?? '';
  const [from, to] = [text('from'), text('to')];
  return {
    ...EMPTY,
    ...{
      subject: text('subject'),
      targetType: text('type'),
      targetId: text('id'),
      category: categoryIn(text('category')),
    },
    ...(Date.parse(from) < Date.parse(to) ? { range: { from, to } } : {}),
  };
}
