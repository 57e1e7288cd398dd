// Somebody is signed in whose token names no role: what they can do about it.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTexts } from '../texts/use.ts';
import type { Identity } from './claims.ts';
import { PlainPage } from './plain-page.tsx';

export function NoRole({ identity, onSignOut }: { readonly identity: Identity; readonly onSignOut: () => void }) {
  const t = useTexts();
  return (
    <PlainPage title={t.noRole.title}>
      <SpaceBetween size="m">
        <Alert type="warning">
          <bdi>{identity.name}</bdi> · <bdi>{identity.tenant}</bdi>
          <br />
          {t.noRole.advice}
        </Alert>
        <Button onClick={onSignOut}>{t.shell.signOut}</Button>
      </SpaceBetween>
    </PlainPage>
  );
}
