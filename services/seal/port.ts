import type { VerifierKey } from '../../core/note/key.ts';
import type { NoteSignature } from '../../core/note/note.ts';
import type { PlacePorts } from '../archive/place.ts';
import type { EvidenceStore, HoldableStore } from '../evidence/port.ts';

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

/** What writing to the log needs. */
export interface PublishPorts {
  readonly store: EvidenceStore;
  readonly keys: LogKeys;
  /** Of the digest log. */
  readonly origin: string;
  readonly now: () => Date;
}

/** What sealing needs: placing segments, since what the archive lacks it archives, and the log. */
export interface SealPorts extends PlacePorts, PublishPorts {
  readonly store: EvidenceStore & Pick<HoldableStore, 'setHold'>;
  readonly directory: ChainDirectory;
  /** Seconds until the next seal is due. */
  readonly dueSeconds: number;
  /** Positions of a chain that are sealed in one go; other than the default in tests alone. */
  readonly stepEntries?: number;
}
