/** Texts on the page, each where it stands: another language is filled in without anything else being made anew. */
import { filled, LANGUAGES, type Language, languageOf, type TextKey } from '../texts/catalog.ts';

type Values = Readonly<Record<string, string>>;

interface Placed {
  readonly node: Element;
  /** The attribute that has the text; absent: the element's content. */
  readonly attribute?: string;
  readonly key: TextKey;
  readonly values: () => Values;
}

/** Which language the page speaks, and every text that it says. */
export class PageTexts {
  #language: Language = languageOf(navigator.languages);
  readonly #placed = new Map<string, Placed>();
  readonly #marks = new WeakMap<Element, number>();
  #next = 0;

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
    this.show();
  }

  /** Says a text in an element, in place of what it said before. */
  say<Of extends Element>(node: Of, key: TextKey, values: () => Values = () => ({})): Of {
    return this.#put({ node, key, values });
  }

  /** Says nothing in an element any more. */
  silence(node: Element): void {
    this.#placed.delete(this.#markOf(node, undefined));
    node.textContent = '';
  }

  /** As the name of an element that shows none. */
  name<Of extends Element>(node: Of, key: TextKey): Of {
    return this.#put({ node, attribute: 'aria-label', key, values: () => ({}) });
  }

  #put<Of extends Element>(placed: Placed & { node: Of }): Of {
    this.#placed.set(this.#markOf(placed.node, placed.attribute), placed);
    this.#fill(placed);
    return placed.node;
  }

  #markOf(node: Element, attribute: string | undefined): string {
    const mark = this.#marks.get(node) ?? this.#next++;
    this.#marks.set(node, mark);
    return `${mark} ${attribute ?? ''}`;
  }

  show(): void {
    document.documentElement.lang = this.#language;
    document.title = filled(this.#language, 'page.title');
    for (const placed of this.#placed.values()) this.#fill(placed);
  }

  #fill({ node, attribute, key, values }: Placed): void {
    const text = filled(this.#language, key, values());
    if (attribute === undefined) node.textContent = text;
    else node.setAttribute(attribute, text);
  }

  /** Digits and separators of the reader's. */
  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.#language, { maximumFractionDigits: digits }).format(value);
  }

  size(bytes: number): string {
    const units = ['unit.bytes', 'unit.kilobytes', 'unit.megabytes', 'unit.gigabytes'] as const;
    const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
    return filled(this.#language, units[power]!, { n: this.number(bytes / 1_000 ** power, power === 0 ? 0 : 1) });
  }
}

export { LANGUAGES, type Language };
