// Every text of the console, in Hindi.
import { access, operations, roles } from './hi/access.ts';
import { catalog } from './hi/catalog.ts';
import {
  actorTypes,
  changes,
  channels,
  columns,
  connected,
  entries,
  filter,
  gapReasons,
  news,
  notices,
  orders,
  outcomes,
  panel,
  query,
  sections,
  severities,
  show,
  zones,
} from './hi/entries.ts';
import { checkpoints, keyTypes, list, matters, place, tally, verdicts, verification } from './hi/evidence.ts';
import { exports, formats, onward } from './hi/exports.ts';
import { faults } from './hi/faults.ts';
import { fields } from './hi/fields.ts';
import { holds, preview, retentions } from './hi/holds.ts';
import { home } from './hi/home.ts';
import { record } from './hi/record.ts';
import { searches } from './hi/searches.ts';
import { presets, retention } from './hi/settings.ts';
import { chooseRole, languages, layout, noRole, shell, signIn, themes } from './hi/shell.ts';
import type { Texts } from './texts.ts';

export const hi: Texts = {
  product: 'Indelible',
  shell,
  layout,
  languages,
  themes,
  signIn,
  chooseRole,
  noRole,
  roles,
  access,
  catalog,
  operations,
  faults,
  actorTypes,
  changes,
  channels,
  columns,
  connected,
  entries,
  filter,
  gapReasons,
  news,
  notices,
  orders,
  outcomes,
  panel,
  query,
  sections,
  severities,
  show,
  zones,
  fields,
  list,
  verdicts,
  verification,
  tally,
  place,
  matters,
  checkpoints,
  keyTypes,
  exports,
  formats,
  searches,
  onward,
  presets,
  retention,
  holds,
  preview,
  retentions,
  home,
  record,
  groups: { trail: 'ऑडिट ट्रेल', evidence: 'साक्ष्य', keep: 'रखना', settings: 'सेटिंग' },
  pages: {
    home: 'मुख्य पृष्ठ',
    entries: 'प्रविष्टियाँ',
    searches: 'सहेजी गई खोजें',
    record: 'रिकॉर्ड',
    verification: 'सत्यापन',
    checkpoints: 'चेकपॉइंट',
    exports: 'निर्यात',
    holds: 'कानूनी रोकें',
    retention: 'रखने की अवधि',
    catalog: 'कार्य-सूची',
    access: 'पहुँच',
  },
};
