/** What is asked of somebody: the evidence, the keys, and what else it may be held against. */
import { visible } from '../../core/visible.ts';
import { type Chosen, chosenOf, droppedOf } from './chosen.ts';
import { element, fileButton } from './elements.ts';
import type { Task } from './protocol.ts';
import type { PageTexts } from './texts.ts';

/** How many bytes of a file are read into the field of the keys: more than any file of keys has. */
const MOST_KEYS_BYTES = 64 * 1024;

export class Form {
  readonly node: HTMLElement;
  readonly #texts: PageTexts;
  #chosen: Chosen | undefined;
  /** Where the keys came from, while they are what the file said. */
  #keysFile: { readonly name: string; readonly text: string } | undefined;
  #checkpoint: File | undefined;
  #entry: File | undefined;
  readonly #keys: HTMLTextAreaElement;
  readonly #through: HTMLInputElement;
  readonly #details = element('details');
  readonly #shown = element('p', { class: 'name', role: 'status' });

  constructor(texts: PageTexts) {
    this.#texts = texts;
    this.#keys = element('textarea', {
      id: 'keys',
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-describedby': 'keys-help',
    });
    this.#through = element('input', { id: 'through', type: 'date' });
    this.node = element('form', {}, this.#evidence(), this.#keysPart(), this.#more());
  }

  /** Undefined while nothing is chosen. */
  task(): Task | undefined {
    if (this.#chosen === undefined) return undefined;
    const text = this.#keys.value;
    const from = this.#keysFile?.text === text ? this.#keysFile.name : 'keys.txt';
    return {
      ...this.#chosen,
      ...(text.trim() === '' ? {} : { keys: { text, from } }),
      ...(this.#checkpoint === undefined ? {} : { checkpoint: this.#checkpoint }),
      ...(this.#entry === undefined ? {} : { entry: this.#entry }),
      ...(this.#through.value === '' ? {} : { expectThrough: this.#through.value }),
      now: Date.now(),
    };
  }

  /** Leads to what has to be changed. */
  focus(part: 'keys' | 'more'): void {
    if (part === 'keys') {
      this.#keys.focus();
      return;
    }
    this.#details.open = true;
    this.#details.querySelector('summary')?.focus();
  }

  #evidence(): HTMLElement {
    const texts = this.#texts;
    texts.say(this.#shown, 'file.none');
    const choose = (files: readonly File[]) => this.#choose(chosenOf(files));
    const drop = element(
      'div',
      { class: 'drop' },
      texts.say(element('p'), 'file.drop'),
      element(
        'div',
        { class: 'row' },
        fileButton(texts.say(element('span'), 'file.choose'), { multiple: '' }, choose),
        fileButton(texts.say(element('span'), 'file.folder'), { webkitdirectory: '' }, choose),
      ),
      this.#shown,
    );
    this.#takeDrops(drop);
    return element('section', {}, texts.say(element('h2'), 'file.title'), drop);
  }

  /** Anywhere on the page: a file that misses the box would replace the page. */
  #takeDrops(box: HTMLElement): void {
    addEventListener('dragover', (event) => {
      event.preventDefault();
      box.classList.add('over');
    });
    addEventListener('dragleave', () => box.classList.remove('over'));
    addEventListener('drop', async (event) => {
      event.preventDefault();
      box.classList.remove('over');
      if (event.dataTransfer !== null) this.#choose(await droppedOf(event.dataTransfer));
    });
  }

  #choose(chosen: Chosen | undefined): void {
    if (chosen === undefined) return;
    this.#chosen = chosen;
    const size = chosen.files.reduce((sum, { file }) => sum + file.size, 0);
    this.#texts.say(this.#shown, chosen.folder ? 'file.many' : 'file.one', () => ({
      name: visible(chosen.place),
      count: this.#texts.number(chosen.files.length),
      size: this.#texts.size(size),
    }));
  }

  #keysPart(): HTMLElement {
    const texts = this.#texts;
    return element(
      'section',
      {},
      texts.say(element('h2'), 'keys.title'),
      texts.say(element('p', { id: 'keys-help', class: 'quiet' }), 'keys.help'),
      texts.say(element('label', { for: 'keys' }), 'keys.label'),
      this.#keys,
      element(
        'div',
        { class: 'row' },
        this.#small('keys.choose', (file) => void this.#takeKeys(file)),
      ),
    );
  }

  async #takeKeys(file: File): Promise<void> {
    // As a text area gives lines back.
    const text = (await file.slice(0, MOST_KEYS_BYTES).text()).replace(/\r\n?/g, '\n');
    this.#keys.value = text;
    this.#keysFile = { name: file.name, text };
  }

  #more(): HTMLElement {
    const texts = this.#texts;
    this.#details.append(
      texts.say(element('summary'), 'more.title'),
      this.#named('more.checkpoint', (file) => {
        this.#checkpoint = file;
      }),
      element('div', { class: 'row' }, texts.say(element('label', { for: 'through' }), 'more.through'), this.#through),
      this.#named('more.entry', (file) => {
        this.#entry = file;
      }),
    );
    return this.#details;
  }

  /** A choice of one file, with its name beside it, and a way to take it back. */
  #named(key: 'more.checkpoint' | 'more.entry', take: (file: File | undefined) => void): HTMLElement {
    const name = element('span', { class: 'name', 'data-evidence': '' });
    const remove = this.#texts.say(element('button', { type: 'button', hidden: '' }), 'more.remove');
    const show = (file: File | undefined) => {
      take(file);
      name.textContent = visible(file?.name ?? '');
      remove.hidden = file === undefined;
    };
    remove.addEventListener('click', () => show(undefined));
    return element('div', { class: 'row' }, this.#small(key, show), name, remove);
  }

  #small(key: 'more.checkpoint' | 'more.entry' | 'keys.choose', take: (file: File) => void): HTMLElement {
    return fileButton(this.#texts.say(element('span'), key), {}, ([file]) => file && take(file));
  }
}
