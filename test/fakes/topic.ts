// The topic of new blocks in memory.
import { type BlockNotice, MAX_NOTICES, type Topic } from '../../services/relay/port.ts';

/** A topic in memory; `refuses` decides about single notices, `fails` about whole calls. */
export class MemoryTopic implements Topic {
  readonly published: BlockNotice[] = [];
  readonly #refuses: (notice: BlockNotice) => boolean;
  readonly #fails: (notice: BlockNotice) => boolean;

  constructor({
    refuses = () => false,
    fails = () => false,
  }: { refuses?: (notice: BlockNotice) => boolean; fails?: (notice: BlockNotice) => boolean } = {}) {
    this.#refuses = refuses;
    this.#fails = fails;
  }

  async publish(notices: readonly BlockNotice[]): Promise<readonly number[]> {
    if (notices.length === 0 || notices.length > MAX_NOTICES) throw new Error(`got ${notices.length} notices`);
    await Promise.resolve();
    if (notices.some(this.#fails)) throw new Error('the topic is away');
    const refused = notices.flatMap((notice, i) => (this.#refuses(notice) ? [i] : []));
    this.published.push(...notices.filter((_, i) => !refused.includes(i)));
    return refused;
  }
}
