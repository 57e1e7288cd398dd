// The texts in the reader's language.
import { usePreferences } from '../shell/preferences.ts';
import { en } from './en.ts';
import { hi } from './hi.ts';
import type { Texts } from './texts.ts';

const CATALOGS = { en, hi } as const satisfies Readonly<Record<string, Texts>>;

export function useTexts(): Texts {
  return CATALOGS[usePreferences().language];
}
