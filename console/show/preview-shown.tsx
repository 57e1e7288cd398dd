// What a preview found: how many, what is not in the count, and ten of it.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { type AccessRole, POLICY } from '../../core/access/policy.ts';
import { Severity } from '../entries/severity.tsx';
import { useTexts } from '../texts/use.ts';
import type { Preview } from './preview.ts';
import { useWriting } from './times.ts';
import { Value } from './value.tsx';
import { When } from './when.tsx';

export interface PreviewShownProps {
  readonly found: Preview;
  readonly role: AccessRole;
}

/** Characters of a cell. */
const SHORT = 120;

export function PreviewShown({ found, role }: PreviewShownProps) {
  const t = useTexts();
  const { number, full } = useWriting();
  const { rows, count, more, beyond, gaps } = found;
  return (
    <SpaceBetween size="s">
      <div role="status">
        <Box variant="strong">{t.preview.count(number(count), count, more)}</Box>
      </div>
      {POLICY[role].reads !== 'everything' && (
        <Box color="text-body-secondary">{t.preview.role(t.roles[role].name)}</Box>
      )}
      {beyond !== undefined && <Alert type="info">{t.preview.beyond(full(beyond.from), full(beyond.to))}</Alert>}
      {gaps && <Alert type="warning">{t.preview.gaps}</Alert>}
      {rows.length > 0 && (
        <Table
          variant="embedded"
          wrapLines
          items={rows}
          trackBy={({ chain, position }) => `${chain}.${position}`}
          ariaLabels={{ tableLabel: t.preview.table }}
          columnDefinitions={[
            {
              ...{ id: 'time', header: t.columns.time, isRowHeader: true, minWidth: 150 },
              cell: ({ entry }) => <When time={entry.recordedAt} />,
            },
            {
              ...{ id: 'severity', header: t.columns.severity, minWidth: 100 },
              cell: ({ entry }) => <Severity value={entry.severity} />,
            },
            {
              ...{ id: 'what', header: t.columns.description, minWidth: 220 },
              cell: ({ entry }) => <Value text={entry.description} short={SHORT} />,
            },
            {
              ...{ id: 'category', header: t.columns.category, minWidth: 120 },
              cell: ({ entry }) => <Value text={entry.category} short={SHORT} />,
            },
          ]}
        />
      )}
      {count > rows.length && <Box color="text-body-secondary">{t.preview.first(rows.length)}</Box>}
      <Box color="text-body-secondary">{t.preview.recorded}</Box>
    </SpaceBetween>
  );
}
