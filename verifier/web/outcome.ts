/** What came out: the verdict in words, what it means, and the report of the command to read and to keep. */
import type { TextKey } from '../texts/catalog.ts';
import { element } from './elements.ts';
import type { Ended } from './run.ts';
import type { PageTexts } from './texts.ts';

/** How a verdict looks; its word says the same. */
const LOOKS: Readonly<Record<string, string>> = {
  intact: 'good',
  altered: 'bad',
  missing: 'bad',
  truncated: 'bad',
  refused: 'bad',
};

/** A section that says how a task ended. Its heading takes the focus. */
export function outcomeSection(
  texts: PageTexts,
  ended: Exclude<Ended, { kind: 'needs-keys' | 'needless' }>,
): HTMLElement {
  const heading = texts.say(element('h2', { tabindex: '-1' }), 'result.title');
  if (ended.kind === 'cancelled') {
    return element('section', {}, heading, texts.say(element('p'), 'state.cancelled'));
  }
  const word = ended.kind === 'verified' ? ended.verdict : ended.kind;
  const verdict = element(
    'div',
    { class: `verdict ${LOOKS[word] ?? 'warn'}` },
    texts.say(element('strong'), `verdict.${word}` as TextKey),
    texts.say(element('p'), `means.${word}` as TextKey),
  );
  const report = element('pre', { tabindex: '0', role: 'region', lang: 'en' }, ended.text);
  report.dataset.evidence = '';
  texts.name(report, 'result.report');
  const ownKeys = ended.kind === 'verified' && ended.ownKeys;
  return element(
    'section',
    {},
    heading,
    verdict,
    ...(ownKeys ? [texts.say(element('p', { class: 'verdict warn' }), 'result.warning')] : []),
    report,
    downloads(texts, ended),
  );
}

function downloads(texts: PageTexts, ended: { readonly text: string; readonly json?: string }): HTMLElement {
  const row = element('div', { class: 'row' });
  const offer = (key: TextKey, name: string, type: string, content: string) => {
    const button = texts.say(element('button', { type: 'button' }), key);
    button.addEventListener('click', () => download(name, type, content));
    row.append(button);
  };
  offer('action.text', 'report.txt', 'text/plain', ended.text);
  if (ended.json !== undefined) offer('action.json', 'report.json', 'application/json', ended.json);
  return row;
}

function download(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href: address, download: name }).click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
