// What had to follow the report of the record, and whether it did in time.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { type Deadline, deadlinesOf } from './deadlines.ts';
import { Moment } from './moment.tsx';
import type { RecordPart } from './record-history.tsx';

export interface DeadlinesProps extends RecordPart {
  /** Later entries were not read yet: what is not among these may be among them. */
  readonly isPart: boolean;
}

export function Deadlines({ rows, state, isPart, onOpen }: DeadlinesProps) {
  const t = useTexts().record.deadlines;
  const at = state.at === undefined ? Date.now() : Date.parse(state.at);
  const until = state.at === undefined ? rows : rows.filter(({ entry }) => Date.parse(entry.occurredAt) <= at);
  const deadlines = deadlinesOf(until, state.type, state.id, at);
  if (deadlines.length === 0) return null;
  return (
    <Container
      header={
        <Header variant="h2" description={t.explained}>
          {t.title}
        </Header>
      }
    >
      <ul className="deadlines">
        {deadlines.map((one) => (
          <DeadlineShown key={one.name} deadline={one} unknown={isPart && one.met === undefined} onOpen={onOpen} />
        ))}
      </ul>
    </Container>
  );
}

const KINDS: Readonly<Record<Deadline['standing'], StatusIndicatorProps.Type>> = {
  met: 'success',
  late: 'warning',
  open: 'pending',
  missed: 'error',
};

interface DeadlineShownProps extends Pick<RecordPart, 'onOpen'> {
  readonly deadline: Deadline;
  readonly unknown: boolean;
}

function DeadlineShown({ deadline: { name, due, met, standing }, unknown, onOpen }: DeadlineShownProps) {
  const { record, actorTypes } = useTexts();
  const t = record.deadlines;
  const { full, near } = useWriting();
  const dueAt = new Date(due).toISOString();
  const actor = met?.entry.actor;
  return (
    <li>
      <Box variant="strong">{t[name]}</Box>{' '}
      <StatusIndicator type={unknown ? 'info' : KINDS[standing]}>
        {unknown ? t.unknown : t.standing[standing]}
      </StatusIndicator>
      <Box>
        <time dateTime={dueAt} title={full(dueAt)}>
          {t.due(near(dueAt, Date.now()))}
        </time>
      </Box>
      {met !== undefined && actor !== undefined && (
        <Box>
          {t.by} <Moment row={met} onOpen={onOpen} />
          {', '}
          <Value text={actor.name ?? actor.id ?? actorTypes[actor.type]} short={80} />
        </Box>
      )}
    </li>
  );
}
