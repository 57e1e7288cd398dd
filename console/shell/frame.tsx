// Navigation beside a page, and what may open below or beside it.
import AppLayout from '@cloudscape-design/components/app-layout';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import { useTexts } from '../texts/use.ts';
import { hashOf } from './address.ts';
import { type PageName, pagesOf } from './pages.ts';
import { type Slots, SlotsContext } from './slots.ts';

const WIDE = '(min-width: 1024px)';
const GROUPS = ['trail', 'evidence', 'keep', 'settings'] as const;

export interface FrameProps {
  readonly role: AccessRole;
  readonly current: PageName | undefined;
  readonly children: ReactNode;
}

export function Frame({ role, current, children }: FrameProps) {
  const [slots, setSlots] = useState<Slots>({});
  const t = useTexts();
  const [open, setOpen] = useState(() => matchMedia(WIDE).matches);
  const [position, setPosition] = useState<'side' | 'bottom'>('side');
  const pages = pagesOf(role);
  useLayoutEffect(withoutOrientation);
  const home = pages
    .filter(({ group }) => group === 'home')
    .map(({ name }): SideNavigationProps.Link => ({ type: 'link', text: t.pages[name], href: hashOf(name) }));
  const items = GROUPS.map((group) => ({ group, pages: pages.filter((page) => page.group === group) }))
    .filter((group) => group.pages.length > 0)
    .map(
      ({ group, pages: inside }): SideNavigationProps.Section => ({
        type: 'section',
        text: t.groups[group],
        items: inside.map(({ name }) => ({ type: 'link', text: t.pages[name], href: hashOf(name) })),
      }),
    );
  return (
    <AppLayout
      headerSelector="#top"
      contentType="table"
      navigationOpen={open}
      onNavigationChange={({ detail }) => setOpen(detail.open)}
      navigation={
        <SideNavigation
          header={{ text: t.shell.navigation, href: hashOf('') }}
          activeHref={current === undefined ? '' : hashOf(current)}
          items={[...home, ...items]}
        />
      }
      toolsHide
      notifications={slots.notifications}
      splitPanel={slots.splitPanel}
      splitPanelOpen={slots.splitPanelOpen ?? false}
      splitPanelPreferences={{ position }}
      onSplitPanelPreferencesChange={({ detail }) => setPosition(detail.position)}
      onSplitPanelToggle={({ detail }) => {
        if (!detail.open) slots.onSplitPanelClose?.();
      }}
      ariaLabels={t.layout}
      content={<SlotsContext.Provider value={setSlots}>{children}</SlotsContext.Provider>}
    />
  );
}

/** The layout gives its bar of a small screen an orientation, which ARIA has for toolbars, and for navigation not. */
function withoutOrientation(): void {
  for (const bar of document.querySelectorAll('nav[aria-orientation]')) bar.removeAttribute('aria-orientation');
}
