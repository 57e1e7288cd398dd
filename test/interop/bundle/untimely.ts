// Entries, events and segments that a seal should not have taken: of another time, or of no format.
import { bundleOf } from '../../support/bundling.ts';
import { smallEntry } from '../../support/sealed-parts.ts';
import type { SealedTenant } from '../../support/sealed-tenant.ts';
import { days, holdOf, type Unfaithful, whole } from './sealed-days.ts';

export const UNTIMELY: Readonly<Record<string, () => Promise<Unfaithful>>> = {
  'hold-ahead': () => withHold('2026-03-06T00:10:00.001Z'),
  'hold-of-its-seal': () => withHold('2026-03-06T00:10:00.000Z'),
  'hold-an-hour-early': () => withHold('2026-03-04T23:10:00.000Z'),
  'hold-more-than-an-hour-early': () => withHold('2026-03-04T23:09:59.999Z'),
  'entry-of-years-ago': () => withBodies(bodyOf('2019-03-05T12:00:00.000Z')),
  'entry-of-the-week-before': () => withBodies(bodyOf('2026-02-27T12:00:00.000Z')),
  'entry-of-the-hour-before': () => withBodies(bodyOf('2026-03-04T23:10:00.000Z')),
  'entry-of-a-hundred-years-ahead': () => withBodies(bodyOf('2126-03-05T12:00:00.000Z')),
  'entry-of-the-hour-behind': () => withBodies(bodyOf('2026-03-06T01:10:00.000Z')),
  'entry-behind-the-hour-behind': () => withBodies(bodyOf('2026-03-06T01:10:00.001Z')),
  'entry-of-no-category': () => withBodies(bodyOf(NOON, 'data_access', 'nonsense')),
  'entry-with-a-blank': () => withBodies(bodyOf(NOON, ':', ': ')),
  'entry-of-version-2': () => withBodies(bodyOf(NOON, '"v":1', '"v":2')),
  'entry-with-another-member': () => withBodies(bodyOf(NOON, '{', '{"aa":1,')),
  'entry-without-a-member': () => withBodies(bodyOf(NOON, '"outcome":"success",', '')),
  'entry-of-another-tenant': () => withBodies(bodyOf(NOON, '"acme"', '"globex"')),
  'entry-of-30-february': () => withBodies(bodyOf(NOON, /2026-03-05/g, '2026-02-30')),
  'entry-late-and-not-said-to-be': () =>
    withBodies(bodyOf(NOON, '"occurredAt":"2026-03-05', '"occurredAt":"2026-03-03')),
  'entry-that-is-no-json': () => withBodies(Buffer.from('nothing')),
  'entry-without-tiles': () => withBodies(bodyOf('2019-03-05T12:00:00.000Z'), (made) => made.chain(0).files.clear()),
  'chain-that-begins-late': () =>
    withBodies(bodyOf(), (made) => made.appendBytes(9, bodyOf('2026-02-27T12:00:00.000Z'))),
  'chain-that-begins-long-before': () =>
    withBodies(bodyOf(), (made) => made.appendBytes(9, bodyOf('2026-01-27T12:00:00.000Z'))),
  'segment-of-years-ago': () => withDay('2019-03-05'),
  'segment-of-the-week-before': () => withDay('2026-02-27'),
  'segment-of-the-day-behind': () => withDay('2026-03-07'),
  'signed-before-it-was-sealed': async () => {
    const made = await days();
    const { size, root } = made.head;
    made.checkpoint = made.sign(size, root, '2026-03-05T00:09:59.000Z');
    return { bundle: await bundleOf(made), made };
  },
};

/** Two bodies behind those of four days, as the seal of 6 March should not have taken them. */
async function withBodies(body: Uint8Array, change: (made: SealedTenant) => void = () => {}): Promise<Unfaithful> {
  const made = await days();
  made.append(0, 2);
  made.appendBytes(0, body);
  made.appendBytes(0, body);
  made.append(0, 2);
  change(made);
  return whole(made);
}

const NOON = '2026-03-05T12:00:00.000Z';

/** One that is recorded then, with a change of its text. */
function bodyOf(recordedAt = NOON, from: RegExp | string = '', to = ''): Uint8Array {
  const bytes = smallEntry('acme', { id: 'planted', category: 'data_access', recordedAt });
  return Buffer.from(Buffer.from(bytes).toString().replace(from, to));
}

async function withHold(at: string): Promise<Unfaithful> {
  const made = await days();
  made.hold(holdOf('applied', at, {}));
  return whole(made);
}

/** The newest list of chain 0 says that its entries are of another day. */
async function withDay(day: string): Promise<Unfaithful> {
  const made = await days();
  made.append(0, 4);
  made.changeList = (list) => ({ ...list, segments: list.segments.map((segment) => ({ ...segment, day })) });
  return whole(made);
}
