// Light or dark, and the language of the document.
import { preferences, subscribe } from './preferences.ts';

const DARK = 'awsui-dark-mode';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Puts theme, density and language on the document, now and whenever they change. */
export function applyTheme(): void {
  const apply = (): void => {
    const { theme, compact, language } = preferences();
    document.body.classList.toggle(DARK, theme === 'dark' || (theme === 'system' && system.matches));
    document.body.classList.toggle('awsui-compact-mode', compact);
    document.documentElement.lang = language;
  };
  subscribe(apply);
  system.addEventListener('change', apply);
  apply();
}
