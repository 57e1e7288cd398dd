// The texts in the reader's language.
import { useEffect, useState } from 'react';
import type { Language } from '../shell/choices.ts';
import { usePreferences } from '../shell/preferences.ts';
import { isLoaded, load, loadedIn } from './loaded.ts';
import type { Texts } from './texts.ts';

export function useTexts(): Texts {
  return loadedIn(usePreferences().language).texts;
}

/** Whether the language can be shown; also where it can't be had, so that there is a page all the same, in English. */
export function useLanguage(language: Language): boolean {
  const [tried, setTried] = useState<Language>();
  useEffect(() => {
    if (!isLoaded(language))
      load(language).then(
        () => setTried(language),
        () => setTried(language),
      );
  }, [language]);
  return isLoaded(language) || tried === language;
}
