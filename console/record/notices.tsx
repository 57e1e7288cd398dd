// What is not shown of a record, and why.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type AccessRole, POLICY } from '../../core/access/policy.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import type { RecordState } from './state.ts';
import type { History } from './use-history.ts';

export interface RecordNoticesProps {
  readonly history: History;
  readonly role: AccessRole;
  readonly own: boolean;
  /** How many of the reader's own reads are left out. */
  readonly hidden: number;
  readonly onChange: (change: Partial<RecordState>) => void;
}

export function RecordNotices({ history, role, own, hidden, onChange }: RecordNoticesProps) {
  const t = useTexts();
  const { full, number } = useWriting();
  const { beyond, gaps } = history;
  const lost = gaps.filter(({ recovered }) => recovered !== true);
  return (
    <SpaceBetween size="xs">
      {POLICY[role].reads !== 'everything' && (
        <Box color="text-body-secondary">{t.notices.role(t.roles[role].name, t.roles[role].sees)}</Box>
      )}
      {(own || hidden > 0) && (
        <Box color="text-body-secondary">
          {own ? t.record.ownShown : t.record.ownHidden(number(hidden), hidden)}{' '}
          <Button variant="inline-link" onClick={() => onChange({ own: !own })}>
            {own ? t.notices.hideOwn : t.notices.showOwn}
          </Button>
        </Box>
      )}
      {beyond !== undefined && <Box color="text-body-secondary">{t.record.beyond(full(beyond.to))}</Box>}
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
