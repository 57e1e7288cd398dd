import type { Reader } from '../../core/access/reader.ts';
import { DESK } from '../../names/desk.ts';
import type { Desk, DeskItem } from '../../services/desk/port.ts';
import { Problem } from '../shared/problem.ts';
import type { SearchTexts } from './asked.ts';

/** What is kept of a search; its query is read when it is run, under the filter of whoever runs it. */
export interface SavedSearch {
  readonly name: string;
  /** The subject of the token that saved it. */
  readonly owner: string;
  /** Whether everybody of the tenant may see and run it. */
  readonly shared: boolean;
  readonly parameters: SearchTexts;
  readonly savedAt: string;
  /** SHA-256 of the request that saved it under an idempotency key. */
  readonly digest?: string;
}

export const isVisible = ({ owner, shared }: SavedSearch, { subject }: Pick<Reader, 'subject'>): boolean =>
  shared || owner === subject;

/** Another's own is not there. Throws Problem not-found. */
export async function savedItem(desk: Desk, reader: Reader, id: string): Promise<DeskItem<SavedSearch>> {
  const item = await desk.get<SavedSearch>(reader.tenant, DESK.searches, id);
  if (item === undefined || !isVisible(item.value, reader)) {
    throw new Problem('not-found', 'There is no saved search of this id.');
  }
  return item;
}

export async function readSaved(desk: Desk, reader: Reader, id: string): Promise<SavedSearch> {
  const { value } = await savedItem(desk, reader, id);
  return value;
}
