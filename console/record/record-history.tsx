// What is known of a record, or why nothing is shown of it.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useMemo } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import { and, equals } from '../../core/query/ast.ts';
import { printQuery } from '../../core/query/print.ts';
import { addressOfState, DEFAULT_STATE } from '../entries/state.ts';
import type { Row } from '../entries/use-entries.ts';
import { hashOf } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import type { Identity } from '../sign-in/claims.ts';
import { useTexts } from '../texts/use.ts';
import { isReport } from './deadlines.ts';
import { Deadlines } from './deadlines-shown.tsx';
import { RecordNotices } from './notices.tsx';
import { RecordHead } from './record-head.tsx';
import { RecordState as StateShown } from './record-state.tsx';
import { hasPath, type RecordState } from './state.ts';
import { isAbout, isOwnRead } from './summary.ts';
import { Tallies } from './tallies.tsx';
import { Timeline } from './timeline.tsx';
import type { History } from './use-history.ts';

export interface RecordHistoryProps {
  readonly history: History;
  readonly identity: Identity;
  readonly role: AccessRole;
  readonly state: RecordState;
  readonly onOpen: (row: Row) => void;
  readonly onChange: (change: Partial<RecordState>) => void;
}

/** What part of a record's page is given. */
export interface RecordPart {
  readonly rows: readonly Row[];
  readonly state: RecordState;
  readonly onOpen: (row: Row) => void;
  readonly onChange: (change: Partial<RecordState>) => void;
}

export function RecordHistory(props: RecordHistoryProps) {
  const { type, id } = props.state;
  if (type === '' || id === '') return <Nothing kind="unasked" />;
  if (!hasPath(props.state)) return <SearchInstead type={type} id={id} />;
  return <Loaded {...props} />;
}

function Loaded({ history, identity, role, state, onOpen, onChange }: RecordHistoryProps) {
  const t = useTexts();
  const { rows: all, error, loading } = history;
  const { own } = state;
  const { subject } = identity;
  const rows = useMemo(() => (all ?? []).filter((row) => own || !isOwnRead(row, subject)), [all, own, subject]);
  const { type, id } = state;
  const about = useMemo(() => rows.filter((row) => isAbout(row, type, id)), [rows, type, id]);
  const part: RecordPart = { rows, state, onOpen, onChange };
  const fault = error !== undefined && <Fault error={error} onRetry={history.again} />;
  if (all === undefined) {
    return (
      fault || (
        <Box textAlign="center" padding="xl" color="text-body-secondary">
          <Spinner /> {t.record.loading}
        </Box>
      )
    );
  }
  const hidden = all.length - rows.length;
  const notices = <RecordNotices {...{ history, role, own, hidden, onChange }} />;
  return (
    <SpaceBetween size="l">
      <RecordHead {...part} loading={loading} onReload={history.again} />
      {fault}
      {notices}
      {rows.length === 0 ? (
        !loading && <Nothing kind="empty" />
      ) : (
        <SpaceBetween size="l">
          {about.some(isReport) && <Deadlines {...part} isPart={history.more} />}
          {about.some(({ entry }) => entry.change !== undefined) && <StateShown {...part} />}
          <Timeline {...part} history={history} />
          <Tallies {...part} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Nothing({ kind }: { readonly kind: 'unasked' | 'empty' }) {
  const t = useTexts().record;
  return (
    <Box textAlign="center" padding="xl">
      <Box variant="strong">{t.nothing[kind].title}</Box>
      <Box variant="p">{t.nothing[kind].advice}</Box>
    </Box>
  );
}

function SearchInstead({ type, id }: { readonly type: string; readonly id: string }) {
  const t = useTexts().record;
  const q = printQuery(and(equals('target.type', type), equals('target.id', id)));
  return (
    <Alert type="info" header={t.unnameable.title}>
      {t.unnameable.advice}{' '}
      <Link href={hashOf('entries', addressOfState({ ...DEFAULT_STATE, range: 'all', q }))}>{t.unnameable.search}</Link>
    </Alert>
  );
}
