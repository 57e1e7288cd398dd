// Which languages are there: English always, another one once it was asked for.
import type { I18nProviderProps } from '@cloudscape-design/components/i18n';
import english from '@cloudscape-design/components/i18n/messages/all.en';
import type { Language } from '../shell/choices.ts';
import { en } from './en.ts';
import type { Texts } from './texts.ts';

interface Loaded {
  readonly texts: Texts;
  /** Of the components' own parts, which they look up by themselves. */
  readonly components: I18nProviderProps.Messages;
}

const ENGLISH: Loaded = { texts: en, components: english };
const loaded = new Map<Language, Loaded>([['en', ENGLISH]]);

/** English as long as the language is not there. */
export function loadedIn(language: Language): Loaded {
  return loaded.get(language) ?? ENGLISH;
}

export const isLoaded = (language: Language): boolean => loaded.has(language);

/** Rejects where it can't be had, such as without a network. */
export async function load(language: Language): Promise<void> {
  if (language !== 'hi' || loaded.has(language)) return;
  const { hi, COMPONENTS_HI } = await import('./hindi.ts');
  loaded.set(language, { texts: hi, components: { 'cloudscape-design-components': { hi: COMPONENTS_HI } } });
}
