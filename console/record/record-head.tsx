// What the record is called, and from when to when it is known.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { Moment } from './moment.tsx';
import type { RecordPart } from './record-history.tsx';
import { actorsOf, namesOf } from './summary.ts';

export interface RecordHeadProps extends RecordPart {
  readonly loading: boolean;
  readonly onReload: () => void;
}

export function RecordHead({ rows, state, loading, onOpen, onReload }: RecordHeadProps) {
  const t = useTexts().record;
  const { number } = useWriting();
  const { type, id } = state;
  const { name, reference } = useMemo(() => namesOf(rows, type, id), [rows, type, id]);
  const people = useMemo(() => actorsOf(rows).length, [rows]);
  const [first, last] = [rows[0], rows.at(-1)];
  const other = reference ?? (name === undefined ? undefined : id);
  return (
    <SpaceBetween size="s">
      <Header
        variant="h2"
        description={
          <>
            <Value text={type} short={80} /> {other !== undefined && <Value text={other} short={80} />}
          </>
        }
        actions={
          <span className="unprinted">
            <SpaceBetween size="xs" direction="horizontal">
              <Button
                iconName="refresh"
                ariaLabel={t.reload}
                loading={loading}
                loadingText={t.loading}
                onClick={onReload}
              />
              <Button onClick={() => print()}>{t.print}</Button>
            </SpaceBetween>
          </span>
        }
      >
        <Value text={name ?? id} short={120} />
      </Header>
      {first !== undefined && last !== undefined && (
        <KeyValuePairs
          columns={4}
          items={[
            { label: t.first, value: <Moment row={first} onOpen={onOpen} /> },
            { label: t.last, value: <Moment row={last} onOpen={onOpen} /> },
            { label: t.entries, value: number(rows.length) },
            { label: t.people, value: <Box>{number(people)}</Box> },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
