// Mutations of the digest log: old states that are shown again.
import { checkpointKey } from '../../../names/log.ts';
import { VERIFY } from '../../../names/verify.ts';
import type { Bundles } from '../bundles.ts';
import { verifyLive } from '../doors.ts';
import { SEALED } from '../history.ts';
import type { BundleMutation, WorldMutation } from '../mutation.ts';

const HOUR_MS = 3_600_000;

const newest = ({ acme }: Bundles): Uint8Array => acme.world.store.object(checkpointKey(3)).bytes;
const lastDay = { code: 'ends-early', tenant: 'acme' } as const;

/** Somebody shows what was true yesterday. */
export const LOG_BUNDLES: readonly BundleMutation[] = [
  {
    ...{
      name: 'older-bundle-shown',
      attacker: 'log',
      does: 'hands on yesterday’s bundle to somebody who has today’s checkpoint',
    },
    forge: ({ older }) => older.bytes,
    known: newest,
    expected: {
      bundle: { clean: 'it was true: only a kept checkpoint, or the calendar, tells that it is old' },
      trusted: { verdict: 'truncated', at: [{ code: 'checkpoint-smaller', tenant: 'acme' }, lastDay] },
    },
  },
  {
    ...{
      name: 'older-bundle-shown-by-date',
      attacker: 'log',
      does: 'hands on yesterday’s bundle to somebody who has yesterday’s checkpoint and knows what day it is',
    },
    forge: ({ older }) => older.bytes,
    expected: { trusted: { verdict: 'truncated', at: [lastDay] } },
  },
  {
    ...{ name: 'newest-bundle-shown-late', attacker: 'log', does: 'says that the newest bundle is of tomorrow' },
    forge: ({ acme }) => acme.bytes,
    expectThrough: '2026-03-06',
    expected: { trusted: { verdict: 'truncated', at: [lastDay] } },
  },
  {
    ...{
      name: 'fork-of-the-same-length',
      attacker: 'sealer',
      does: 'signs two logs, as long as each other, and shows the one to those who know the other',
    },
    forge: ({ fork }) => fork.bytes,
    known: newest,
    expected: { trusted: { verdict: 'altered', at: [{ code: 'checkpoint-forked', tenant: 'acme', seal: 3 }] } },
  },
  {
    ...{
      name: 'fork-of-another-length',
      attacker: 'sealer',
      does: 'signs two logs whose seals are never of one length',
    },
    forge: ({ longFork }) => longFork.bytes,
    known: newest,
    expected: { trusted: { verdict: 'incomplete', at: [{ code: 'checkpoint-unlinked', tenant: 'acme' }] } },
  },
  {
    ...{
      name: 'known-checkpoint-of-another-log',
      attacker: 'log',
      does: 'gives a checkpoint of another deployment to compare with',
    },
    forge: ({ acme }) => acme.bytes,
    known: ({ foreign }) => newest({ acme: foreign } as Bundles),
    expected: { trusted: { refused: 'checkpoint' } },
  },
  {
    ...{
      name: 'known-checkpoint-half-signed',
      attacker: 'log',
      does: 'gives a checkpoint to compare with that lacks the lasting signature',
    },
    forge: ({ acme }) => acme.bytes,
    known: (bundles) => Buffer.from(Buffer.from(newest(bundles)).toString().split('\n').toSpliced(5, 1).join('\n')),
    expected: { trusted: { refused: 'checkpoint' } },
  },
];

/** Somebody has the deployment forget, or keeps it from going on. */
export const LOG_WORLDS: readonly WorldMutation[] = [
  {
    ...{
      name: 'log-restored-from-yesterday',
      attacker: 'log',
      does: 'restores everything but the reports from a copy of the day before',
      after: 'seal-2',
      standsStill: true,
    },
    async strike(world, { history }) {
      const today = history.at(SEALED);
      today.now += HOUR_MS / 4;
      await verifyLive(today, 'incremental');
      for (const key of today.store.keys(VERIFY.reportsPrefix)) world.store.plant(key, today.store.object(key).bytes);
      world.now = today.now;
    },
    expected: {
      incremental: { verdict: 'truncated', at: [{ code: 'checkpoint-smaller', seal: 3 }] },
      full: { verdict: 'truncated', at: [{ code: 'checkpoint-smaller', seal: 3 }] },
      trusted: { verdict: 'truncated', at: [lastDay] },
    },
  },
  {
    ...{
      name: 'seals-stopped',
      attacker: 'log',
      does: 'keeps the deployment from sealing any more',
      after: 'seal-2',
      standsStill: true,
    },
    strike: (world) => {
      world.now += 48 * HOUR_MS;
    },
    expected: {
      incremental: {
        verdict: 'incomplete',
        at: [{ code: 'seal-overdue', seal: 3 }],
      },
      full: { verdict: 'incomplete', at: [{ code: 'seal-overdue', seal: 3 }] },
      trusted: { verdict: 'truncated', at: [lastDay] },
    },
  },
];
