// The values of a record at one moment, each with the entry that made it so.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { textOf } from '../entries/differences.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Segment } from './lanes.ts';
import { Moment } from './moment.tsx';
import { ValueName } from './names.tsx';
import type { RecordPart } from './record-history.tsx';

/** Values that are drawn at once. */
const FIRST = 50;

interface Held {
  readonly pointer: string;
  readonly segment: Segment;
}

export interface StateTableProps extends Pick<RecordPart, 'onOpen'> {
  readonly values: readonly Held[];
}

export function StateTable({ values, onOpen }: StateTableProps) {
  const { record, actorTypes } = useTexts();
  const t = record.state;
  const { number } = useWriting();
  const [most, setMost] = useState(FIRST);
  return (
    <SpaceBetween size="s">
      <Table
        variant="embedded"
        wrapLines
        items={values.slice(0, most)}
        trackBy="pointer"
        ariaLabels={{ tableLabel: t.title }}
        columnDefinitions={[
          {
            id: 'name',
            header: t.value,
            isRowHeader: true,
            cell: ({ pointer }) => <ValueName pointer={pointer} />,
            minWidth: 120,
          },
          { id: 'value', header: t.is, cell: (held) => <Shown held={held} />, minWidth: 160 },
          {
            ...{ id: 'since', header: t.since, minWidth: 150 },
            cell: ({ segment: { by } }) => (by === undefined ? t.sinceEver : <Moment row={by} onOpen={onOpen} />),
          },
          {
            ...{ id: 'by', header: t.by, minWidth: 120 },
            cell: ({ segment: { by } }) =>
              by === undefined ? (
                '–'
              ) : (
                <Value text={by.entry.actor.name ?? by.entry.actor.id ?? actorTypes[by.entry.actor.type]} short={80} />
              ),
          },
        ]}
      />
      {values.length > most && (
        <Button onClick={() => setMost(most + 10 * FIRST)}>{t.more(number(values.length - most))}</Button>
      )}
    </SpaceBetween>
  );
}

function Shown({ held: { segment } }: { readonly held: Held }) {
  const t = useTexts().record.state;
  const text = textOf(segment.value);
  return (
    <>
      {text === '' ? <Box color="text-body-secondary">{t.empty}</Box> : <Value text={text} lines />}
      {segment.said !== undefined && (
        <Box>
          <StatusIndicator type="warning">
            {t.unrecorded} <Value text={textOf(segment.said.value)} short={80} />
          </StatusIndicator>
        </Box>
      )}
    </>
  );
}
