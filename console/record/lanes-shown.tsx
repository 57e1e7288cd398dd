// Values through time, side by side: a lane each.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useMemo, useState } from 'react';
import type { Row } from '../entries/use-entries.ts';
import { beginningOf } from '../show/marks.ts';
import { useWriting } from '../show/times.ts';
import { Marked } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Lane, Segment } from './lanes.ts';
import { lineOf } from './leaves.ts';
import { ValueName } from './names.tsx';

/** Lanes that are drawn at once. */
const FIRST = 12;
/** Characters of a value in its lane. */
const SHORT = 60;
/** Tones that tell values of a lane apart, beside their words. */
const TONES = 5;

export interface LanesShownProps {
  readonly lanes: readonly Lane[];
  /** All of the record's entries, between the first and last of which the lanes run. */
  readonly rows: readonly Row[];
  readonly at: string | undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

export function LanesShown({ lanes, rows, at }: LanesShownProps) {
  const t = useTexts().record.state;
  const { near, number } = useWriting();
  const [most, setMost] = useState(FIRST);
  const span = useMemo((): Span => {
    const times = [rows[0]!, rows.at(-1)!].map(({ entry }) => Date.parse(entry.occurredAt));
    return { from: times[0]!, to: Math.max(times[1]!, times[0]! + 1) };
  }, [rows]);
  const ends = [span.from, span.to].map((time) => near(new Date(time).toISOString(), Date.now()));
  return (
    <>
      <table className="lanes">
        <thead>
          <tr>
            <th scope="col">{t.value}</th>
            <th scope="col" className="axis">
              <span className="ends">
                <span>{ends[0]}</span>
                <span>{ends[1]}</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.slice(0, most).map((lane) => (
            <LaneShown key={lane.pointer} lane={lane} span={span} at={at} />
          ))}
        </tbody>
      </table>
      {lanes.length > most && (
        <Box>
          <Button onClick={() => setMost(most + 5 * FIRST)}>{t.more(number(lanes.length - most))}</Button>
        </Box>
      )}
    </>
  );
}

function LaneShown({ lane, span, at }: { readonly lane: Lane; readonly span: Span; readonly at: string | undefined }) {
  const tones = new Map(
    [...new Set(lane.segments.map(({ value }) => (value === undefined ? '' : lineOf(value))))].map((text, i) => [
      text,
      i,
    ]),
  );
  return (
    <tr>
      <th scope="row">
        <ValueName pointer={lane.pointer} />
      </th>
      <td>
        <ol className="lane">
          {lane.segments.map((segment) => (
            <SegmentShown
              key={segment.from ?? 'before'}
              segment={segment}
              span={span}
              tone={(tones.get(segment.value === undefined ? '' : lineOf(segment.value)) ?? 0) % TONES}
            />
          ))}
          {at !== undefined && (
            <li
              className="then"
              aria-hidden="true"
              style={{ insetInlineStart: percent(shareOf(Date.parse(at), span)) }}
            />
          )}
        </ol>
      </td>
    </tr>
  );
}

interface SegmentShownProps {
  readonly segment: Segment;
  readonly span: Span;
  readonly tone: number;
}

function SegmentShown({ segment: { value, from, to, said }, span, tone }: SegmentShownProps) {
  const t = useTexts().record.state;
  const { near } = useWriting();
  const time = (at: number): string => near(new Date(at).toISOString(), Date.now());
  const start = from === undefined ? 0 : shareOf(from, span);
  const end = to === undefined ? 1 : shareOf(to, span);
  const text = value === undefined ? t.gone : beginningOf(lineOf(value), SHORT);
  const when = t.period(from === undefined ? undefined : time(from), to === undefined ? undefined : time(to));
  return (
    <li
      className={`segment ${value === undefined ? 'gone' : `tone-${tone}`}`}
      title={`${text}\n${when}`}
      style={{ insetInlineStart: percent(start), inlineSize: percent(end - start) }}
    >
      {said !== undefined && <span aria-hidden="true">⚠ </span>}
      <Marked text={text === '' ? t.empty : text} />
      <span className="unseen"> {when}</span>
    </li>
  );
}

const shareOf = (time: number, { from, to }: Span): number => Math.min(1, Math.max(0, (time - from) / (to - from)));

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
