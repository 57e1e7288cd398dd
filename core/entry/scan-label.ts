// A member's name with its quotation marks and the colon, to be found in a buffer four bytes at a time.

/** No label is shorter. */
export const WORD_BYTES = 4;

export class Label {
  readonly length: number;
  /** Its first four bytes, which tell most of them apart. */
  readonly head: number;
  /** The further words, the last one up to its end: it may overlap the one before. */
  readonly #words: readonly number[];
  readonly #offsets: readonly number[];

  /** `text` has 4 characters or more, all of ASCII. */
  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    const view = new DataView(bytes.buffer);
    this.length = bytes.length;
    if (this.length < WORD_BYTES) throw new RangeError(`got the label ${text}, want ${WORD_BYTES} characters or more`);
    this.head = view.getInt32(0);
    const count = Math.ceil(this.length / WORD_BYTES) - 1;
    this.#offsets = Array.from({ length: count }, (_, i) => Math.min((i + 1) * WORD_BYTES, this.length - WORD_BYTES));
    this.#words = this.#offsets.map((offset) => view.getInt32(offset));
  }

  /** `head` is the word at the place. */
  isAt(view: DataView, at: number, head: number): boolean {
    if (head !== this.head || at + this.length > view.byteLength) return false;
    const words = this.#words;
    for (let i = 0; i < words.length; i++) if (view.getInt32(at + this.#offsets[i]!) !== words[i]) return false;
    return true;
  }
}
