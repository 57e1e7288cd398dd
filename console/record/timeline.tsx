// What happened to a record, in the order in which it happened, with the time between.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { Fragment, useMemo } from 'react';
import type { JsonValue } from '../../core/json/value.ts';
import { Severity } from '../entries/severity.tsx';
import { placeOfRow, type Row } from '../entries/use-entries.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { lengthOf, type Moment as MomentBefore, momentsOf } from './gaps.ts';
import { lineOf, valuesChanged } from './leaves.ts';
import { Moment } from './moment.tsx';
import { ValueName } from './names.tsx';
import type { RecordPart } from './record-history.tsx';
import { MOST_PAGES } from './state.ts';
import type { History } from './use-history.ts';

/** The longest time between two entries, drawn to scale. */
const TALLEST_REM = 24;
/** What is shorter is not named where gaps are not to scale. */
const NAMED_MS = 86_400_000;
/** Differences of one entry that are told beside it; the entry has them all. */
const MOST_DIFFERENCES = 3;

export function Timeline({ rows, state, history, onOpen, onChange }: RecordPart & { readonly history: History }) {
  const t = useTexts().record.timeline;
  const { number, full } = useWriting();
  const moments = useMemo(() => momentsOf(rows), [rows]);
  const at = state.at === undefined ? undefined : Date.parse(state.at);
  const cut = at === undefined ? -1 : moments.findIndex((one) => one.at > at);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.explained}
          actions={
            <span className="unprinted">
              <Toggle checked={state.scale} onChange={({ detail }) => onChange({ scale: detail.checked })}>
                {t.scale}
              </Toggle>
            </span>
          }
        >
          {t.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ol className="record-timeline">
          {moments.map((moment, i) => (
            <Fragment key={placeOfRow(moment.row)}>
              {i === cut && state.at !== undefined && <li className="cut">{t.cut(full(state.at))}</li>}
              <Gap moment={moment} scale={state.scale} />
              <Happened row={moment.row} onOpen={onOpen} />
            </Fragment>
          ))}
        </ol>
        {history.more && (
          <SpaceBetween size="xs">
            <Box color="text-body-secondary">{t.part(number(rows.length))}</Box>
            {state.pages < MOST_PAGES ? (
              <Button
                loading={history.loading}
                loadingText={t.loading}
                onClick={() => onChange({ pages: state.pages + 1 })}
              >
                {t.more}
              </Button>
            ) : (
              <Box>{t.most}</Box>
            )}
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Gap({ moment: { after, share }, scale }: { readonly moment: MomentBefore; readonly scale: boolean }) {
  const t = useTexts().record.timeline;
  const { locale } = useWriting();
  if (scale ? after === 0 : after < NAMED_MS) return null;
  const { unit, count } = lengthOf(after);
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  return (
    <li className="gap" style={scale ? { blockSize: `${(share * TALLEST_REM).toFixed(3)}rem` } : undefined}>
      {scale && share * TALLEST_REM < 1.5 ? <span className="unseen">{t.later(words)}</span> : t.later(words)}
    </li>
  );
}

function Happened({ row, onOpen }: { readonly row: Row; readonly onOpen: (row: Row) => void }) {
  const { record, actorTypes } = useTexts();
  const t = record.timeline;
  const { near, full } = useWriting();
  const { actor, description, severity, late, recordedAt } = row.entry;
  return (
    <li>
      <Moment row={row} onOpen={onOpen} /> <Severity value={severity} />
      <Box>
        <Value text={description} short={240} />
      </Box>
      <Told row={row} />
      <Box color="text-body-secondary" fontSize="body-s">
        {t.by} <Value text={actor.name ?? actor.id ?? actorTypes[actor.type]} short={80} />
        {late === true && (
          <>
            {' · '}
            <time dateTime={recordedAt} title={full(recordedAt)}>
              {t.late(near(recordedAt, Date.now()))}
            </time>
          </>
        )}
      </Box>
    </li>
  );
}

/** What an entry changed, in its first few values. */
function Told({ row: { entry } }: { readonly row: Row }) {
  const t = useTexts();
  const { number } = useWriting();
  const all = useMemo(
    () => valuesChanged(entry.change?.before as JsonValue, entry.change?.after as JsonValue),
    [entry],
  );
  if (all.length === 0) return null;
  return (
    <ul className="told">
      {all.slice(0, MOST_DIFFERENCES).map(({ pointer, before, after }) => (
        <li key={pointer}>
          {pointer !== '' && (
            <>
              <ValueName pointer={pointer} />
              {': '}
            </>
          )}
          {before !== undefined && (
            <del>
              <span className="unseen">{t.changes.before} </span>
              <Value text={lineOf(before)} short={80} />
            </del>
          )}
          {before !== undefined && after !== undefined && <span aria-hidden="true"> → </span>}
          {after !== undefined && (
            <ins>
              <span className="unseen">{t.changes.after} </span>
              <Value text={lineOf(after)} short={80} />
            </ins>
          )}
        </li>
      ))}
      {all.length > MOST_DIFFERENCES && <li>{t.record.timeline.differences(number(all.length - MOST_DIFFERENCES))}</li>}
    </ul>
  );
}
