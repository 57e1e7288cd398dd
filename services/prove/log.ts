// The log as the API serves it.
import type { VerifierKey } from '../../core/note/key.ts';
import { checkpointKey } from '../../names/log.ts';
import { type LogPorts, latestSeal, ownPolicy, type PublishedSeal } from '../log/published.ts';
import type { EvidenceReader } from '../log/versions.ts';

/** For how long a seal is taken for the newest: C2SP tlog-tiles wants a checkpoint to be a few seconds old at most. */
export const CHECKPOINT_AGE_SECONDS = 5;

export interface ServedLogPorts {
  readonly store: EvidenceReader;
  readonly keys: { keys(): Promise<readonly VerifierKey[]> };
  readonly origin: string;
  readonly now: () => Date;
}

/** The deployment's log as it is served: its newest seal is looked up at most every few seconds, however many ask. */
export class ServedLog {
  readonly #ports: ServedLogPorts;
  #until = Number.NEGATIVE_INFINITY;
  #newest: Promise<PublishedSeal | undefined> = Promise.resolve(undefined);
  #hint = 0;

  constructor(ports: ServedLogPorts) {
    this.#ports = ports;
  }

  async ports(): Promise<LogPorts> {
    const { store, origin } = this.#ports;
    return { store, policy: ownPolicy(origin, await this.keys()) };
  }

  /** Of the log itself: what its checkpoints verify with. */
  keys(): Promise<readonly VerifierKey[]> {
    return this.#ports.keys.keys();
  }

  /** Undefined before the first seal. */
  newest(): Promise<PublishedSeal | undefined> {
    const now = this.#ports.now().getTime();
    if (now < this.#until) return this.#newest;
    this.#until = now + CHECKPOINT_AGE_SECONDS * 1_000;
    this.#newest = this.#look();
    return this.#newest;
  }

  /** The same, but a seal that was published meanwhile is seen at once: who has just sealed asks for its proofs next. */
  async current(): Promise<PublishedSeal | undefined> {
    const known = await this.newest();
    const next = checkpointKey(known === undefined ? 0 : known.seal + 1);
    if ((await this.#ports.store.current(next)) === undefined) return known;
    this.#until = Number.NEGATIVE_INFINITY;
    return this.newest();
  }

  async #look(): Promise<PublishedSeal | undefined> {
    try {
      const found = await latestSeal(await this.ports(), this.#hint);
      this.#hint = found?.seal ?? 0;
      // That there is none yet is kept for nobody: the first seal may have been made a moment ago.
      if (found === undefined) this.#until = Number.NEGATIVE_INFINITY;
      return found;
    } catch (error) {
      this.#until = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }
}
