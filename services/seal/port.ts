// What sealing needs of ledger, archive and keys.
import type { VerifierKey } from '../../core/note/key.ts';
import type { NoteSignature } from '../../core/note/note.ts';
import type { ChainState } from '../archive/port.ts';
import type { PutSegmentPorts } from '../archive/put-segment.ts';
import type { EvidenceStore, HoldableStore } from '../object-lock/port.ts';
import type { Recording } from '../record/record.ts';

/** The log's two keys. Private parts never leave where they are. */
export interface LogKeys {
  /** Ed25519 (0x01) and ML-DSA-44 (0x06), both under the log's origin. */
  keys(): Promise<readonly VerifierKey[]>;
}

export interface Signer extends LogKeys {
  /** One signature of each key over a checkpoint's text; the cosignature says `timestamp`, in seconds. Throws unless both verify. */
  sign(text: string, timestamp: number): Promise<readonly NoteSignature[]>;
}

/** The rows of the table that tells how far each chain is archived. */
export interface ChainDirectory {
  /** In no order; a row that comes or goes meanwhile may be missed. Nothing of it is believed without more. */
  list(): AsyncIterable<{ readonly chain: string; readonly through: number }>;
}

/** Receipts of the ledger's stream: a chain's row, which only the archive's stream consumer writes. */
interface ChainReceipts {
  /**
   * Strongly consistent: the stream brought a chain that ends before `through` with `link`. Undefined when there is none, and
   * no state in it when somebody damaged the row; throws a BlockError for one that can't be read.
   */
  read(chain: string): Promise<{ readonly state: Pick<ChainState, 'through' | 'link'> | undefined } | undefined>;
}

/** What writing to the log needs. */
export interface PublishPorts {
  readonly store: EvidenceStore;
  readonly keys: LogKeys;
  /** Of the digest log. */
  readonly origin: string;
  readonly now: () => Date;
}

/** What sealing needs: placing segments, since what the archive lacks it archives, and the log. */
export interface SealPorts extends PutSegmentPorts, PublishPorts {
  readonly store: EvidenceStore & Pick<HoldableStore, 'setHold'>;
  readonly directory: ChainDirectory & ChainReceipts;
  /** Takes the entry that tells of a chain which could not be sealed as far as it goes. */
  readonly recording: Recording;
  /** Seconds until the next seal is due. */
  readonly dueSeconds: number;
  /** Positions of a chain that are sealed in one go; other than the default in tests alone. */
  readonly stepEntries?: number;
  /** From how many positions on a tenant's chains are sealed apart; other than the default in tests alone. */
  readonly splitEntries?: number;
}
