// Who touched a record, what belongs to it, and the first and last of everything.

import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { type ReactNode, useMemo, useState } from 'react';
import { go, hashOf } from '../shell/address.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { Moment } from './moment.tsx';
import type { RecordPart } from './record-history.tsx';
import { addressOfRecord, NO_RECORD } from './state.ts';
import { actionsOf, actorsOf, type Reference, relatedOf, type Tally } from './summary.ts';

/** Rows that are drawn at once. */
const FIRST = 20;

export function Tallies({ rows, state, onOpen }: RecordPart) {
  const { record, actorTypes } = useTexts();
  const t = record.tallies;
  const { type, id } = state;
  const actors = useMemo(() => actorsOf(rows), [rows]);
  const related = useMemo(() => relatedOf(rows, type, id), [rows, type, id]);
  const actions = useMemo(() => actionsOf(rows), [rows]);
  return (
    <SpaceBetween size="l">
      <TallyTable
        {...{ tallies: actors, onOpen, title: t.actors, name: t.actor }}
        cell={({ name, id: actorId, sessionName, type: kind, role }) => (
          <>
            <Value text={name ?? sessionName ?? actorId ?? actorTypes[kind]} short={80} />
            {name !== undefined && actorId !== undefined && (
              <>
                {' '}
                (<Value text={actorId} short={80} />)
              </>
            )}
            {role !== undefined && (
              <>
                {', '}
                <Value text={role} short={60} />
              </>
            )}
          </>
        )}
      />
      {related.length > 0 && (
        <TallyTable
          {...{ tallies: related, onOpen, title: t.related, name: t.record }}
          cell={(one) => <RecordLink reference={one} />}
        />
      )}
      <TallyTable
        {...{ tallies: actions, onOpen, title: t.actions, name: t.action }}
        cell={(action) => <Value text={action} short={120} />}
      />
    </SpaceBetween>
  );
}

function RecordLink({ reference: { type, id, name, reference } }: { readonly reference: Reference }) {
  const shown = (
    <>
      <Value text={type} short={60} /> <Value text={name ?? reference ?? id ?? ''} short={80} />
    </>
  );
  if (id === undefined) return shown;
  const href = hashOf('record', addressOfRecord({ ...NO_RECORD, type, id }));
  return (
    <Link
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        go(href);
      }}
    >
      {shown}
    </Link>
  );
}

interface TallyTableProps<T> extends Pick<RecordPart, 'onOpen'> {
  readonly tallies: readonly Tally<T>[];
  readonly title: string;
  readonly name: string;
  readonly cell: (what: T) => ReactNode;
}

function TallyTable<T>({ tallies, title, name, cell, onOpen }: TallyTableProps<T>) {
  const t = useTexts().record.tallies;
  const { number } = useWriting();
  const [most, setMost] = useState(FIRST);
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${number(tallies.length)})`}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Table
          variant="embedded"
          wrapLines
          items={tallies.slice(0, most)}
          ariaLabels={{ tableLabel: title }}
          columnDefinitions={[
            { id: 'what', header: name, isRowHeader: true, cell: ({ what }) => cell(what), minWidth: 180 },
            { id: 'count', header: t.count, cell: ({ count }) => number(count), minWidth: 90 },
            {
              id: 'first',
              header: t.first,
              cell: ({ first }) => <Moment row={first} onOpen={onOpen} />,
              minWidth: 150,
            },
            { id: 'last', header: t.last, cell: ({ last }) => <Moment row={last} onOpen={onOpen} />, minWidth: 150 },
          ]}
        />
        {tallies.length > most && (
          <Button onClick={() => setMost(most + 5 * FIRST)}>{t.more(number(tallies.length - most))}</Button>
        )}
      </SpaceBetween>
    </Container>
  );
}
