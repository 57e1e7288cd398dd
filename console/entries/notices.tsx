// What is not shown, and why: the role, what has left the hot window, what can't be vouched for.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type AccessRole, POLICY } from '../../core/access/policy.ts';
import { useWriting } from '../show/times.ts';
import type { Identity } from '../sign-in/claims.ts';
import { useTexts } from '../texts/use.ts';
import type { EntriesState } from './state.ts';
import type { EntriesPage } from './use-entries.ts';

export interface NoticesProps {
  readonly identity: Identity;
  readonly role: AccessRole;
  readonly state: EntriesState;
  readonly page: EntriesPage | undefined;
  readonly onChange: (change: Partial<EntriesState>) => void;
}

export function Notices({ role, state, page, onChange }: NoticesProps) {
  const t = useTexts();
  const { full, number } = useWriting();
  const lost = (page?.gaps ?? []).filter(({ recovered }) => recovered !== true);
  const cutShort = page !== undefined && !page.complete && page.cursor !== null;
  return (
    <SpaceBetween size="xs">
      {POLICY[role].reads !== 'everything' && (
        <Box color="text-body-secondary">{t.notices.role(t.roles[role].name, t.roles[role].sees)}</Box>
      )}
      <Box color="text-body-secondary">
        {state.own ? t.notices.ownShown : t.notices.ownHidden}{' '}
        <Button variant="inline-link" onClick={() => onChange({ own: !state.own })}>
          {state.own ? t.notices.hideOwn : t.notices.showOwn}
        </Button>
      </Box>
      {page?.beyond !== undefined && (
        <Alert type="info" header={t.notices.beyond}>
          {t.notices.beyondAdvice(full(page.beyond.from), full(page.beyond.to))}
        </Alert>
      )}
      {cutShort && <Alert type="info">{t.notices.cutShort}</Alert>}
      {lost.length > 0 && (
        <Alert type="error" header={t.notices.gaps}>
          {t.notices.gapsAdvice}
          <ul>
            {lost.map(({ chain, first, last, reason }) => (
              <li key={`${chain}.${first}`}>
                {t.notices.gap(number(chain), number(first), number(last), t.gapReasons[reason])}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </SpaceBetween>
  );
}
