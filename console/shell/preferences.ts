// What a reader prefers, kept in this browser: language, theme, density, columns. Nothing of an entry is among it.
import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language, THEMES, type Theme, ZONES, type Zone } from './choices.ts';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly compact: boolean;
  readonly wrap: boolean;
  readonly zone: Zone;
  readonly pageSize: number;
  /** Of the table of entries, in their order; absent until somebody has chosen. */
  readonly columns?: readonly string[];
}

const KEY = 'indelible.preferences';
const listeners = new Set<() => void>();
let current: Preferences | undefined;

export function preferences(): Preferences {
  current ??= { ...defaults(), ...stored() };
  return current;
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still shows everything: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function defaults(): Preferences {
  const spoken = navigator.languages.map((tag) => tag.split('-')[0]);
  const language = spoken.map((one) => LANGUAGES.find((known) => known === one)).find((one) => one !== undefined);
  return { language: language ?? 'en', theme: 'system', compact: false, wrap: true, zone: 'local', pageSize: 50 };
}

/** What was kept, as far as it still is something that can be chosen. */
function stored(): Partial<Preferences> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const { language, theme, compact, wrap, zone, pageSize, columns } = value as Record<string, unknown>;
    return {
      ...one('language', LANGUAGES, language),
      ...one('theme', THEMES, theme),
      ...one('zone', ZONES, zone),
      ...(typeof compact === 'boolean' ? { compact } : {}),
      ...(typeof wrap === 'boolean' ? { wrap } : {}),
      ...(typeof pageSize === 'number' ? { pageSize } : {}),
      ...(Array.isArray(columns) ? { columns: columns.filter((name) => typeof name === 'string') } : {}),
    };
  } catch {
    return {};
  }
}

function one<K extends string, T extends string>(name: K, known: readonly T[], value: unknown): Partial<Record<K, T>> {
  const found = known.find((each) => each === value);
  return found === undefined ? {} : ({ [name]: found } as Record<K, T>);
}
