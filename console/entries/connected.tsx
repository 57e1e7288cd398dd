// What belongs to an entry: others of the same correlation, request or session, and the history of its target.
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import { go, hashOf } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { Severity } from './severity.tsx';
import { addressOfState, type EntriesState } from './state.ts';
import { placeOfRow, type Row } from './use-entries.ts';

const MOST = 100;

export interface ConnectedProps {
  readonly api: Api;
  readonly row: Row;
  readonly state: EntriesState;
}

const RELATIONS = ['correlation', 'request', 'session', 'parent'] as const;
type Relation = (typeof RELATIONS)[number];

/** Ways that lead on from this entry: without an identifier there is nothing to share. */
function waysOf({ entry: { context, target } }: Row): readonly (Relation | 'history')[] {
  const has: Readonly<Record<Relation | 'history', boolean>> = {
    history: target?.id !== undefined,
    correlation: context?.correlationId !== undefined,
    request: context?.requestId !== undefined,
    session: context?.sessionId !== undefined,
    // What it caused, too.
    parent: true,
  };
  return (['history', ...RELATIONS] as const).filter((way) => has[way]);
}

export function Connected(props: ConnectedProps) {
  const t = useTexts();
  const ways = waysOf(props.row);
  const [way, setWay] = useState(ways[0]!);
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={t.connected.by}
        selectedId={way}
        options={ways.map((id) => ({ id, text: t.connected[id] }))}
        onChange={({ detail }) => setWay(ways.find((one) => one === detail.selectedId) ?? way)}
      />
      <Timeline key={way} way={way} {...props} />
    </SpaceBetween>
  );
}

function Timeline({ way, api, row, state }: ConnectedProps & { readonly way: Relation | 'history' }) {
  const t = useTexts();
  const { chain, position, entry } = row;
  const { answer, error, again } = useAnswer(
    async (signal) => {
      if (way !== 'history') {
        return api.call('readRelated', {
          ...{ path: { chain, position }, query: { by: way, order: 'asc', sort: 'occurredAt', limit: MOST }, signal },
        });
      }
      const { type = '', id = '' } = entry.target ?? {};
      return api.call('readHistory', { path: { type, id }, query: { limit: MOST }, signal });
    },
    [api, way, chain, position],
  );
  if (error !== undefined) return <Fault error={error} onRetry={again} />;
  if (answer === undefined) return <Spinner />;
  const others = answer.entries;
  if (others.length === 0) return <Box>{t.connected.nothing}</Box>;
  return (
    <SpaceBetween size="s">
      <ol className="timeline">
        {others.map((other) => (
          <Moment key={placeOfRow(other)} row={other} here={placeOfRow(other) === placeOfRow(row)} state={state} />
        ))}
      </ol>
      {answer.cursor !== null && <Box color="text-body-secondary">{t.connected.more(MOST)}</Box>}
    </SpaceBetween>
  );
}

function Moment({ row, here, state }: { readonly row: Row; readonly here: boolean; readonly state: EntriesState }) {
  const t = useTexts();
  const { near, full } = useWriting();
  const { entry } = row;
  const link = hashOf('entries', addressOfState({ ...state, open: row }));
  return (
    <li aria-current={here ? 'true' : undefined}>
      <time dateTime={entry.occurredAt} title={full(entry.occurredAt)}>
        {near(entry.occurredAt, Date.now())}
      </time>{' '}
      <Severity value={entry.severity} />{' '}
      {here ? (
        <Box variant="strong" display="inline">
          <Value text={entry.description} short={200} /> ({t.connected.here})
        </Box>
      ) : (
        <Link
          href={link}
          onFollow={(event) => {
            event.preventDefault();
            go(link);
          }}
        >
          <Value text={entry.description} short={200} />
        </Link>
      )}
    </li>
  );
}
