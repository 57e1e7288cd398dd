// What a mutation is, and what may be expected of it.
import type { ExportVerdict } from '../../cli/verify/exported.ts';
import type { BundleFault } from '../../core/bundle/error.ts';
import type { Verdict } from '../../core/verify/finding.ts';
import type { ZipFault } from '../../core/zip/error.ts';
import type { Bundles } from './bundles.ts';
import type { ExportDraft, Exports } from './exports.ts';
import type { Ground } from './ground.ts';
import type { Moment } from './history.ts';
import type { World } from './world.ts';

/** Who tampers: each with all of their own power, and none with the log's private keys but the last. */
export const ATTACKERS = {
  database: 'writes the tables as they please, behind the back of every policy',
  s3: 'writes the bucket: new versions, delete markers, new keys, removal of what no lock protects',
  bundle: 'holds an exported bundle and hands on another',
  log: 'shows an old log, or another one, to those who ask',
  export: 'holds the files of an export of a search and hands on others',
  sealer: 'has the log sign what they want: whoever runs the deployment',
} as const;
export type Attacker = keyof typeof ATTACKERS;

/** Where it is looked for. */
export const DOORS = {
  seal: 'what sealing and the archive report on their way',
  incremental: 'the daily verification',
  full: 'the weekly verification',
  bundle: 'the exported bundle, by the keys inside of it',
  trusted: 'the exported bundle, with --keys, --checkpoint and --expect-through',
  export: 'the files of an export of a search, with --keys',
} as const;
export type Door = keyof typeof DOORS;

/** Of a finding, whatever of it has to be so. */
export interface Place {
  readonly code: string;
  readonly tenant?: string;
  readonly chain?: number;
  readonly first?: number;
  readonly last?: number;
  readonly seal?: number;
  readonly digest?: number;
  readonly object?: RegExp;
}

/** What the archive and the seal say on the way. */
export interface Alarm {
  readonly kind: 'evidence' | 'short' | 'ledger' | 'writer';
  readonly reason?: string;
  readonly chain?: string;
  /** The position from which on nothing is sealed, or at which the ledger was passed over. */
  readonly position?: number;
}

/** At the seal's door: what is reported, and whether everything that is sealed is what it would have been otherwise. */
export interface SealExpected {
  readonly alarms: readonly Alarm[];
  readonly healed: boolean;
}

export type Expected =
  /** Each of `at` is found; nothing is found that neither of the two lists has. */
  | { readonly verdict: Exclude<Verdict, 'intact'>; readonly at: readonly Place[]; readonly also?: readonly Place[] }
  /** Nothing could be told of it: refused by this name. */
  | { readonly refused: BundleFault; readonly zip?: ZipFault; readonly path?: string }
  /** Of an export's files: this verdict, and one of its sentences or of the names that nothing covers says so. */
  | { readonly exported: Exclude<ExportVerdict, 'intact'>; readonly says: string }
  /** The deployment hands out no bundle: by an error of this name. */
  | { readonly unexported: string }
  /** Nothing is found, and that is right, for this reason. */
  | { readonly clean: string }
  | SealExpected;

interface Common {
  /** Stable: reports and documents name it. */
  readonly name: string;
  readonly attacker: Attacker;
  /** One sentence: what is done, and what for. */
  readonly does: string;
  readonly expected: Readonly<Partial<Record<Door, Expected>>>;
}

/** Done to a living deployment, which then goes on as it would have. */
export interface WorldMutation extends Common {
  readonly after: Moment;
  readonly strike: (world: World, ground: Pick<Ground, 'history'>) => void | Promise<void>;
  /** Nothing of what would have come happens any more. */
  readonly standsStill?: boolean;
}

/** Done to a bundle; what comes out is the file that is handed on. */
export interface BundleMutation extends Common {
  readonly forge: (bundles: Bundles) => Uint8Array | Promise<Uint8Array>;
  /** The checkpoint that whoever verifies has kept; otherwise that of the third seal. */
  readonly known?: (bundles: Bundles) => Uint8Array;
  readonly expectThrough?: string;
}

/** Done to the files of an export of a search, with the log's keys in the hands of whoever verifies. */
export interface ExportMutation extends Common {
  readonly falsify: (draft: ExportDraft, exports: Exports) => unknown;
}

export type Mutation = WorldMutation | BundleMutation | ExportMutation;

export type Kind = 'reported' | 'healed' | 'harmless';

/** How it is caught: somebody is told, or it changed nothing and was kept as evidence, or there was nothing to tell. */
export function kindOf({ expected }: Mutation): Kind {
  const all = Object.values(expected);
  const isReported = all.some((one) => !('clean' in one) && !('alarms' in one && one.healed));
  if (isReported) return 'reported';
  return all.some((one) => 'alarms' in one && one.alarms.length > 0) ? 'healed' : 'harmless';
}
