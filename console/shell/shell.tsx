// The frame around every page: who is signed in, in which role, and where one can go.
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { Suspense, useEffect, useMemo } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import { Api } from '../api/client.ts';
import type { Identity } from '../sign-in/claims.ts';
import type { Session } from '../sign-in/session.ts';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import { hashOf, useAddress } from './address.ts';
import { LANGUAGES, THEMES } from './choices.ts';
import { Frame } from './frame.tsx';
import { Loading, Nowhere } from './nowhere.tsx';
import { pagesOf } from './pages.ts';
import { type Preferences, prefer, usePreferences } from './preferences.ts';

export interface ShellProps {
  readonly session: Session;
  readonly identity: Identity;
  readonly role: AccessRole;
}

export function Shell({ session, identity, role }: ShellProps) {
  const t = useTexts();
  const address = useAddress();
  const pages = pagesOf(role);
  // One client a role, so that nothing that was asked in another one is shown in this one.
  const api = useMemo(() => new Api(session, role, (...request) => fetch(...request)), [session, role]);
  const page = address.page === '' ? pages[0] : pages.find(({ name }) => name === address.page);
  const title = page === undefined ? t.shell.nowhere : t.pages[page.name];
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t]);
  return (
    <>
      <Header session={session} identity={identity} role={role} />
      <Frame role={role} current={page?.name}>
        {page === undefined ? (
          <Nowhere />
        ) : (
          <Suspense fallback={<Loading />}>
            <page.View key={role} api={api} identity={identity} role={role} />
          </Suspense>
        )}
      </Frame>
    </>
  );
}

function Header({ session, identity, role }: ShellProps) {
  const t = useTexts();
  const preferences = usePreferences();
  return (
    <div id="top" className="top">
      <TopNavigation
        identity={{ href: hashOf(''), title: t.product }}
        utilities={[roleMenu(t, session, identity, role), settingsMenu(t, preferences), userMenu(t, session, identity)]}
      />
    </div>
  );
}

type Utility = TopNavigationProps.Utility;

function roleMenu(t: Texts, session: Session, { roles }: Identity, role: AccessRole): Utility {
  return {
    type: 'menu-dropdown',
    text: t.roles[role].name,
    ariaLabel: t.shell.actingAs(t.roles[role].name),
    iconName: 'security',
    items: roles.map((one) => ({
      id: one,
      itemType: 'checkbox' as const,
      checked: one === role,
      text: t.roles[one].name,
      description: t.roles[one].sees,
    })),
    onItemClick: ({ detail }) => {
      const chosen = roles.find((one) => one === detail.id);
      if (chosen !== undefined) session.choose(chosen);
    },
  };
}

function settingsMenu(t: Texts, { language, theme, compact }: Preferences): Utility {
  return {
    type: 'menu-dropdown',
    iconName: 'settings',
    ariaLabel: t.shell.settings,
    title: t.shell.settings,
    items: [
      {
        text: t.shell.language,
        items: LANGUAGES.map((one) => ({
          ...{ id: `language:${one}`, itemType: 'checkbox' as const, checked: one === language },
          text: t.languages[one],
        })),
      },
      {
        text: t.shell.theme,
        items: THEMES.map((one) => ({
          ...{ id: `theme:${one}`, itemType: 'checkbox' as const, checked: one === theme },
          text: t.themes[one],
        })),
      },
      { id: 'compact', itemType: 'checkbox', checked: compact, text: t.shell.compact },
    ],
    onItemClick: ({ detail: { id } }) => {
      const [kind, value] = id.split(':');
      const chosenLanguage = LANGUAGES.find((one) => kind === 'language' && one === value);
      const chosenTheme = THEMES.find((one) => kind === 'theme' && one === value);
      if (chosenLanguage !== undefined) prefer({ language: chosenLanguage });
      else if (chosenTheme !== undefined) prefer({ theme: chosenTheme });
      else prefer({ compact: !compact });
    },
  };
}

function userMenu(t: Texts, session: Session, { name, tenant, subject }: Identity): Utility {
  return {
    type: 'menu-dropdown',
    text: name,
    ariaLabel: t.shell.signedInAs(name, tenant),
    description: t.shell.tenant(tenant),
    iconName: 'user-profile',
    items: [
      { id: 'who', text: subject, description: t.shell.tenant(tenant), disabled: true },
      { id: 'sign-out', text: t.shell.signOut },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === 'sign-out') void session.signOut();
    },
  };
}
