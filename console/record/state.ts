// What the page of a record shows, as it stands in the address.
import { type Place, placeOf } from '../entries/state.ts';

export interface RecordState {
  /** What the application calls the record: `case`, `case-0004`. Both empty until somebody has asked. */
  readonly type: string;
  readonly id: string;
  /** RFC 3339: the state is shown as it was then. Undefined: as it is now. */
  readonly at: string | undefined;
  /** Gaps of the timeline are as high as they are long. */
  readonly scale: boolean;
  /** The reader's own reads of the trail are among the entries. */
  readonly own: boolean;
  /** How many pages of the API are read; each one is a read of the trail. */
  readonly pages: number;
  /** The entry in the panel. */
  readonly open: Place | undefined;
}

/** 5,000 entries of one record: who needs more of them searches or exports. */
export const MOST_PAGES = 25;

export const NO_RECORD: RecordState = {
  ...{ type: '', id: '', at: undefined, scale: false, own: false, pages: 1, open: undefined },
};

/** What is none of it is as if it were not there. */
export function recordStateOf(address: URLSearchParams): RecordState {
  const pages = Number(address.get('pages') ?? '1');
  const at = address.get('at') ?? '';
  return {
    type: address.get('type') ?? '',
    id: address.get('id') ?? '',
    at: Number.isNaN(Date.parse(at)) ? undefined : at,
    scale: address.get('scale') === '1',
    own: address.get('own') === '1',
    pages: Number.isSafeInteger(pages) && pages >= 1 ? Math.min(pages, MOST_PAGES) : 1,
    open: placeOf(address.get('open')),
  };
}

export function addressOfRecord(state: RecordState): URLSearchParams {
  const { type, id, at, scale, own, pages, open } = state;
  const address = new URLSearchParams();
  if (type !== '') address.set('type', type);
  if (id !== '') address.set('id', id);
  if (at !== undefined) address.set('at', at);
  if (scale) address.set('scale', '1');
  if (own) address.set('own', '1');
  if (pages > 1) address.set('pages', String(pages));
  if (open !== undefined) address.set('open', `${open.chain}.${open.position}`);
  return address;
}

/** Whether a path of the API can name the record: a part of a path is never empty, and holds neither slash nor dots alone. */
export function hasPath({ type, id }: Pick<RecordState, 'type' | 'id'>): boolean {
  return [type, id].every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('/'));
}
