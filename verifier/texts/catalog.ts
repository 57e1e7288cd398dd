// The languages that there are, and texts with their placeholders filled.
import { en, type TextKey, type Texts } from './en.ts';
import { hi } from './hi.ts';

export type { TextKey, Texts } from './en.ts';

/** By the name of the language in itself. */
export const LANGUAGES = {
  en: { name: 'English', texts: en as Texts },
  hi: { name: 'हिन्दी', texts: hi },
} as const;

export type Language = keyof typeof LANGUAGES;

/** The first of the reader's languages that there is; English where there is none. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (Object.hasOwn(LANGUAGES, language)) return language as Language;
  }
  return 'en';
}

/** `{name}` stands for the value of that name. */
export function filled(language: Language, key: TextKey, values: Readonly<Record<string, string>> = {}): string {
  return LANGUAGES[language].texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
