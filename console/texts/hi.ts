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
import { faults } from './hi/faults.ts';
import { fields } from './hi/fields.ts';
import { searches } from './hi/searches.ts';
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
  searches,
  groups: { trail: 'ऑडिट ट्रेल', settings: 'सेटिंग' },
  pages: { entries: 'प्रविष्टियाँ', searches: 'सहेजी गई खोजें', catalog: 'कार्य-सूची', access: 'पहुँच' },
};
