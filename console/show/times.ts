// How the reader writes times and numbers.
import { useMemo } from 'react';
import { usePreferences } from '../shell/preferences.ts';
import { localesOf, type Writing, writing } from './writing.ts';

export function useWriting(): Writing {
  const { language, zone } = usePreferences();
  return useMemo(() => writing(localesOf(language, navigator.languages), zone), [language, zone]);
}
