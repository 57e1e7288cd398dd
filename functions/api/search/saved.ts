// A saved search as it is kept, and who may see it.
import type { Reader } from '../../../core/access/reader.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import type { JobItem, JobStore } from '../../../services/job-store/port.ts';
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
export async function savedItem(jobs: JobStore, reader: Reader, id: string): Promise<JobItem<SavedSearch>> {
  const item = await jobs.get<SavedSearch>(reader.tenant, JOB_STORE.searches, id);
  if (item === undefined || !isVisible(item.value, reader)) {
    throw new Problem('not-found', 'There is no saved search of this id.');
  }
  return item;
}

export async function readSaved(jobs: JobStore, reader: Reader, id: string): Promise<SavedSearch> {
  const { value } = await savedItem(jobs, reader, id);
  return value;
}
