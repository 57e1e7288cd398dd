// The table's columns: which there are, and what each shows.
import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { hashOf } from '../shell/address.ts';
import { Value } from '../show/value.tsx';
import type { Writing } from '../show/writing.ts';
import type { Texts } from '../texts/texts.ts';
import { OutcomeShown, Severity } from './severity.tsx';
import { addressOfState, type EntriesState } from './state.ts';
import type { Row } from './use-entries.ts';

/** Characters of a cell. */
const SHORT = 160;

export const COLUMNS = [
  ...(['time', 'severity', 'description', 'actor', 'target', 'source', 'outcome'] as const),
  ...(['action', 'category', 'occurredAt', 'recordedAt', 'role', 'channel', 'country', 'session'] as const),
  ...(['correlation', 'request', 'recorder', 'place'] as const),
] as const;
export type ColumnName = (typeof COLUMNS)[number];
export const SHOWN_AT_FIRST: readonly ColumnName[] = COLUMNS.slice(0, 7);

/** Those that are shown, in their order, and then the others. */
export function displayOf(shown: readonly string[]) {
  const known = shown.filter((id) => COLUMNS.some((name) => name === id));
  const rest = COLUMNS.filter((name) => !known.includes(name));
  return [...known.map((id) => ({ id, visible: true })), ...rest.map((id) => ({ id, visible: false }))];
}

export interface ColumnContext {
  readonly t: Texts;
  readonly writing: Writing;
  readonly now: number;
  readonly state: EntriesState;
  readonly onOpen: (row: Row) => void;
}

export function columnsOf({ t, writing, now, state, onOpen }: ColumnContext): TableProps.ColumnDefinition<Row>[] {
  const time = ({ entry }: Row): string => (state.sort === 'occurredAt' ? entry.occurredAt : entry.recordedAt);
  const column = (id: ColumnName, cell: (row: Row) => ReactNode, width?: number): TableProps.ColumnDefinition<Row> => ({
    ...{ id, cell, header: t.columns[id], minWidth: 90 },
    ...(width === undefined ? {} : { width }),
  });
  const text = (id: ColumnName, value: (row: Row) => string | undefined, width?: number) =>
    column(id, (row) => <Short text={value(row)} />, width);
  return [
    {
      ...column(
        'time',
        (row) => (
          <Link
            href={hashOf('entries', addressOfState({ ...state, open: row }))}
            onFollow={(event) => {
              event.preventDefault();
              onOpen(row);
            }}
          >
            <time dateTime={time(row)} title={writing.full(time(row))}>
              {writing.near(time(row), now)}
            </time>
          </Link>
        ),
        190,
      ),
      isRowHeader: true,
    },
    column('severity', ({ entry }) => <Severity value={entry.severity} />, 130),
    column('description', ({ entry }) => <Short text={entry.description} />, 360),
    text(
      'actor',
      ({ entry: { actor } }) => actor.name ?? actor.sessionName ?? actor.id ?? t.actorTypes[actor.type],
      170,
    ),
    text(
      'target',
      ({ entry: { target } }) => target && (target.name ?? target.reference ?? target.id ?? target.type),
      190,
    ),
    text('source', ({ entry }) => entry.source?.ip, 140),
    column('outcome', ({ entry }) => <OutcomeShown value={entry.outcome} />, 130),
    text('action', ({ entry }) => entry.action, 190),
    text('category', ({ entry }) => entry.category, 150),
    text('occurredAt', ({ entry }) => writing.full(entry.occurredAt), 220),
    text('recordedAt', ({ entry }) => writing.full(entry.recordedAt), 220),
    text('role', ({ entry }) => entry.actor.role, 130),
    column(
      'channel',
      ({ entry }) => (entry.context?.channel ? t.channels[entry.context.channel] : <Short text={undefined} />),
      120,
    ),
    text('country', ({ entry }) => entry.source?.geo?.country, 120),
    text('session', ({ entry }) => entry.context?.sessionId, 180),
    text('correlation', ({ entry }) => entry.context?.correlationId, 180),
    text('request', ({ entry }) => entry.context?.requestId, 180),
    text('recorder', ({ entry }) => entry.recorder.name ?? entry.recorder.id, 170),
    text('place', ({ chain, position }) => `${chain}.${position}`, 110),
  ];
}

function Short({ text }: { readonly text: string | undefined }) {
  return text === undefined ? '–' : <Value text={text} short={SHORT} />;
}
