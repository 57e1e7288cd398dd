// What somebody last looked for: kept in this browser alone, apart for everybody who signs in with it, until they clear it.
import { useSyncExternalStore } from 'react';

/** A question that was asked, by the address that asks it again. */
export interface Recent {
  readonly page: 'entries' | 'record';
  /** Behind `?`. */
  readonly state: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Whose it is: the same subject of another tenant is somebody else. */
export interface Owner {
  readonly tenant: string;
  readonly subject: string;
}

/** More than that is nothing that somebody last looked for. */
const MOST = 10;
/** Characters: what a storage of a few megabytes holds many of. */
const LONGEST = 4_000;

const listeners = new Set<() => void>();
const NOTHING: readonly Recent[] = [];
/** As they were read last, so that the same text is the same list. */
let known: { readonly text: string; readonly list: readonly Recent[] } = { text: '', list: NOTHING };

/** Moves a question to the front. A browser that keeps nothing has nothing to show later, which is all that is lost. */
export function remember(owner: Owner, page: Recent['page'], state: string, now = Date.now()): void {
  if (state.length > LONGEST) return;
  const others = recentOf(owner).filter((one) => one.page !== page || one.state !== state);
  write(owner, JSON.stringify([{ page, state, at: now }, ...others].slice(0, MOST)));
}

export function forget(owner: Owner): void {
  write(owner, undefined);
}

/** Newest first. What is stored and can't be read is as if it were not there. */
export function recentOf(owner: Owner): readonly Recent[] {
  const text = read(owner);
  if (text !== known.text) known = { text, list: listIn(text) };
  return known.list;
}

export function useRecent(owner: Owner): readonly Recent[] {
  return useSyncExternalStore(subscribe, () => recentOf(owner));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const keyOf = ({ tenant, subject }: Owner): string => `indelible.recent:${JSON.stringify([tenant, subject])}`;

function read(owner: Owner): string {
  try {
    return localStorage.getItem(keyOf(owner)) ?? '';
  } catch {
    return '';
  }
}

function write(owner: Owner, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(keyOf(owner));
    else localStorage.setItem(keyOf(owner), text);
  } catch {
    // Full, or switched off: the console works without it.
  }
  for (const listener of listeners) listener();
}

/** Read as if somebody else had written it: scripts of one origin share a storage. */
export function listIn(text: string): readonly Recent[] {
  try {
    const list: unknown = JSON.parse(text === '' ? '[]' : text);
    return Array.isArray(list) ? list.filter(isRecent).slice(0, MOST) : NOTHING;
  } catch {
    return NOTHING;
  }
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false;
  const { page, state, at } = value as Record<string, unknown>;
  return (
    (page === 'entries' || page === 'record') &&
    typeof state === 'string' &&
    typeof at === 'number' &&
    Number.isFinite(new Date(at).getTime())
  );
}
