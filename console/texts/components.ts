// Texts of the components' own parts, which they look up by themselves.
import type { I18nProviderProps } from '@cloudscape-design/components/i18n';
import english from '@cloudscape-design/components/i18n/messages/all.en';
import type { Language } from '../shell/choices.ts';
import { COMPONENTS_HI } from './hi/components/components.ts';

const HINDI: I18nProviderProps.Messages = { 'cloudscape-design-components': { hi: COMPONENTS_HI } };

export function componentTexts(language: Language): I18nProviderProps.Messages {
  return language === 'hi' ? HINDI : english;
}
