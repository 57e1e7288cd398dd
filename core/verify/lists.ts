// Verifies the lists of segments that digests name.
import { DAY_MS } from '../../names/time.ts';
import type { Contents } from '../documents/contents.ts';
import type { Digest } from '../documents/digest.ts';
import { DocumentError } from '../documents/error.ts';
import type { ObjectRef } from '../documents/fields.ts';
import { type PositionRun, parsePositions } from '../documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../documents/segments.ts';
import { sealedBy } from './contents.ts';
import { type DocumentReader, objectName, type Sealed } from './documents.ts';
import { momentOf } from './entries.ts';
import { type SealWindow, sealWindow, timeFault } from './entry-rules.ts';
import { type FindingCode, finding, type OnFinding } from './finding.ts';
import type { Excuse, Promised, Tombstones } from './tombstones.ts';

/** A segment list that was read once, and where to read it again. */
export interface KnownList extends Promised {
  readonly ref: ObjectRef;
  readonly sealed: Sealed;
  readonly from: number;
  readonly through: number;
  /** A tombstone excuses some of its segments. */
  readonly expired: boolean;
  /** Days of its segments, the first and the last. */
  readonly days: readonly [string, string];
}

interface ListContext {
  readonly reader: DocumentReader;
  readonly tombstones: Tombstones;
  readonly report: OnFinding;
}

/** Checks that the digest's lists say of each new position exactly once where it is archived; returns them by chain. */
export async function checkLists(
  before: Digest | undefined,
  digest: Digest,
  contents: Contents | undefined,
  context: ListContext,
): Promise<Map<number, KnownList[]>> {
  const lists = new Map<number, KnownList[]>();
  let unread = digest.contents !== undefined && contents === undefined;
  for (const ref of contents?.segments ?? []) {
    const list = await readList(before, digest, ref, context);
    if (list === undefined) unread = true;
    else lists.set(list.sealed.chain!, [...(lists.get(list.sealed.chain!) ?? []), list]);
  }
  for (const { chain, size } of digest.chains) {
    const from = before?.chains.find((head) => head.chain === chain)?.size ?? 0;
    checkCoverage(
      lists.get(chain) ?? [],
      { from, through: size },
      unread,
      { ...sealedBy(digest), chain },
      context.report,
    );
  }
  return lists;
}

async function readList(
  before: Digest | undefined,
  digest: Digest,
  ref: ObjectRef,
  context: ListContext,
): Promise<KnownList | undefined> {
  const { tombstones, report } = context;
  const list = await readAgain(digest.tenant, digest.seal, ref, sealedBy(digest), context.reader);
  if (list === undefined) return undefined;
  const sealed = { ...sealedBy(digest), chain: list.chain };
  checkSegments(list, ref, sealed, report);
  checkDays(list, sealWindow(before, digest.sealedAt, list.from === 0), sealed, report);
  for (const segment of list.segments) tombstones.check(segment, digest, sealed, report);
  const { from, through, segments } = list;
  const days = segments.map(({ day }) => day).sort();
  return {
    ...{ ref, sealed, from, through, retention: digest.retention, sealedAt: digest.sealedAt },
    expired: segments.some((segment) => tombstones.excuses(segment, digest)),
    days: [days[0] ?? '', days.at(-1) ?? ''],
  };
}

function readAgain(tenant: string, seal: number, ref: ObjectRef, sealed: Sealed, reader: DocumentReader) {
  return reader.read(SEGMENT_LIST, ref, sealed, (found) =>
    found.tenant === tenant && found.seal === seal && (sealed.chain ?? found.chain) === found.chain
      ? undefined
      : `of ${found.tenant}, chain ${found.chain}, seal ${found.seal}`,
  );
}

/** The day of a segment is that of its entries: held to the time of the seal as they are, since it outlives them. */
function checkDays(list: SegmentList, window: SealWindow, sealed: Sealed, report: OnFinding): void {
  for (const { day, first, last, object } of list.segments) {
    const begin = Date.parse(`${day}T00:00:00.000Z`);
    const fault = timeFault(Math.max(begin, Math.min(begin + DAY_MS - 1, window.sealedAt)), window);
    if (fault === undefined) continue;
    const expected = `a day of the time from ${momentOf(window.since)} to ${momentOf(window.sealedAt)}`;
    report(finding(fault, { ...sealed, first, last, object: objectName(object), expected, found: day }));
  }
}

/** Each position of the list in one segment, and inside of what the segment's file is said to hold. */
function checkSegments(list: SegmentList, ref: ObjectRef, sealed: Sealed, report: OnFinding): void {
  const add = (code: FindingCode, first: number, last: number, expected: string, found: string) =>
    report(finding(code, { ...sealed, first, last, object: objectName(ref), expected, found }));
  const runs: PositionRun[] = [];
  for (const segment of list.segments) {
    const own = runsIn(segment);
    if (own === undefined) {
      add('document-malformed', segment.first, segment.last, 'positions', `none of ${objectName(segment.object)}`);
      continue;
    }
    for (const run of own) runs.push(run);
  }
  runs.sort((a, b) => a.first - b.first);
  let next = list.from;
  for (const { first, last } of [...runs, { first: list.through, last: list.through }]) {
    if (first > next) add('coverage-gap', next, first - 1, 'a segment that holds them', 'none');
    if (first < next) add('coverage-overlap', first, Math.min(last, next - 1), 'one segment', 'several, or outside');
    next = Math.max(next, last + 1);
  }
}

function runsIn({ positions, first, last }: SealedSegment): PositionRun[] | undefined {
  try {
    const runs = parsePositions(positions);
    return runs[0]!.first >= first && runs.at(-1)!.last <= last ? runs : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** A list that could not be read was reported already; the gap that it leaves is no other finding. */
function checkCoverage(
  lists: KnownList[],
  range: Omit<PositionRun, 'first' | 'last'> & { from: number; through: number },
  unread: boolean,
  sealed: Sealed,
  report: OnFinding,
): void {
  let next = range.from;
  for (const { from, through, ref } of lists) {
    if (from < next) {
      const found = `a list from ${from}`;
      report(
        finding('coverage-overlap', {
          ...sealed,
          first: from,
          last: next - 1,
          object: objectName(ref),
          expected: `a list from ${next}`,
          found,
        }),
      );
    } else if (from > next && !unread) gap(next, from - 1, sealed, report);
    next = Math.max(next, through);
  }
  if (next < range.through && !unread) gap(next, range.through - 1, sealed, report);
  if (next > range.through) {
    const expected = `no list beyond ${range.through}`;
    report(
      finding('coverage-overlap', {
        ...sealed,
        first: range.through,
        last: next - 1,
        expected,
        found: `up to ${next}`,
      }),
    );
  }
}

function gap(first: number, last: number, sealed: Sealed, report: OnFinding): void {
  report(finding('coverage-gap', { ...sealed, first, last, expected: 'a segment list that has them', found: 'none' }));
}

/** Positions whose bodies may be gone, and by which kind of tombstone. */
export interface ExcusedRun extends PositionRun {
  readonly excuse: Excuse;
}

/** The runs of a list's positions whose bodies may be gone, rising. */
export async function expiredRuns(
  list: KnownList,
  reader: DocumentReader,
  tombstones: Tombstones,
): Promise<ExcusedRun[]> {
  const { tenant, seal } = list.sealed;
  const document = await readAgain(tenant, seal, list.ref, list.sealed, reader);
  const excused = (document?.segments ?? []).flatMap((segment) => {
    const excuse = tombstones.excuseOf(segment, list);
    return excuse === undefined ? [] : (runsIn(segment) ?? []).map((run) => ({ ...run, excuse }));
  });
  return excused.sort((a, b) => a.first - b.first);
}
