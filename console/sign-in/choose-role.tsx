// Somebody has several roles: requests are made in one of them, which is theirs to choose.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useState } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import { useTexts } from '../texts/use.ts';
import type { Identity } from './claims.ts';
import { PlainPage } from './plain-page.tsx';

export interface ChooseRoleProps {
  readonly identity: Identity;
  readonly onChoose: (role: AccessRole) => void;
  readonly onSignOut: () => void;
}

export function ChooseRole({ identity, onChoose, onSignOut }: ChooseRoleProps) {
  const t = useTexts();
  const [chosen, setChosen] = useState<AccessRole | undefined>(identity.roles[0]);
  return (
    <PlainPage title={t.chooseRole.title}>
      <SpaceBetween size="l">
        <Box>{t.chooseRole.explained}</Box>
        <Tiles
          ariaLabel={t.chooseRole.title}
          columns={1}
          value={chosen ?? null}
          items={identity.roles.map((role) => ({
            value: role,
            label: t.roles[role].name,
            description: t.roles[role].sees,
          }))}
          onChange={({ detail }) => setChosen(identity.roles.find((role) => role === detail.value))}
        />
        <SpaceBetween size="xs" direction="horizontal">
          <Button variant="primary" disabled={chosen === undefined} onClick={() => chosen && onChoose(chosen)}>
            {t.chooseRole.button}
          </Button>
          <Button onClick={onSignOut}>{t.shell.signOut}</Button>
        </SpaceBetween>
      </SpaceBetween>
    </PlainPage>
  );
}
