/** The page: a form, what it is doing, and what came out. */
import { element } from './elements.ts';
import { Form } from './form.ts';
import { outcomeSection } from './outcome.ts';
import type { Progress } from './protocol.ts';
import { type Running, runTask } from './run.ts';
import { LANGUAGES, type Language, PageTexts } from './texts.ts';

const texts = new PageTexts();
const form = new Form(texts);
const source = document.getElementById('worker')?.textContent ?? '';

const verifyButton = texts.say(element('button', { type: 'submit', class: 'main' }), 'action.verify');
const cancelButton = texts.say(element('button', { type: 'button', hidden: '' }), 'action.cancel');
const asked = element('p', { role: 'alert' });
const bar = element('progress', { hidden: '' });
const doing = element('p', { class: 'quiet', role: 'status' });
const result = element('div');
let running: Running | undefined;

function languageChoice(): HTMLElement {
  const select = element('select', { id: 'language' });
  for (const [tag, { name }] of Object.entries(LANGUAGES)) {
    // Each language has its own name, whatever the page speaks.
    const option = element('option', { value: tag, lang: tag, 'data-evidence': '' }, name);
    option.selected = tag === texts.language;
    select.append(option);
  }
  select.addEventListener('change', () => {
    texts.language = select.value as Language;
  });
  return element('div', { class: 'row' }, texts.say(element('label', { for: 'language' }), 'page.language'), select);
}

function show({ unit, done, total }: Progress): void {
  bar.max = Math.max(total, 1);
  bar.value = done;
  const shown = (value: number) => (unit === 'bytes' ? texts.size(value) : texts.number(value));
  texts.say(doing, unit === 'bytes' ? 'state.export' : 'state.progress', () => ({
    done: shown(done),
    total: shown(total),
  }));
}

function busy(isBusy: boolean): void {
  verifyButton.disabled = isBusy;
  cancelButton.hidden = !isBusy;
  bar.hidden = !isBusy;
  bar.removeAttribute('value');
  if (isBusy) texts.say(doing, 'state.reading');
  else texts.silence(doing);
}

async function verify(): Promise<void> {
  texts.silence(asked);
  const task = form.task();
  if (task === undefined) {
    texts.say(asked, 'ask.file');
    return;
  }
  result.replaceChildren();
  busy(true);
  running = runTask(source, task, show);
  const ended = await running.ended;
  running = undefined;
  busy(false);
  if (ended.kind === 'needs-keys' || ended.kind === 'needless') {
    texts.say(asked, ended.kind === 'needs-keys' ? 'ask.keys' : 'ask.needless');
    form.focus(ended.kind === 'needs-keys' ? 'keys' : 'more');
    return;
  }
  const section = outcomeSection(texts, ended);
  result.replaceChildren(section);
  section.querySelector<HTMLElement>('h2')?.focus();
}

form.node.append(element('div', { class: 'row' }, verifyButton, cancelButton), asked);
form.node.addEventListener('submit', (event) => {
  event.preventDefault();
  if (running === undefined) void verify();
});
cancelButton.addEventListener('click', () => running?.cancel());
texts.name(bar, 'state.reading');

document
  .getElementById('app')
  ?.append(
    element('header', {}, texts.say(element('h1'), 'page.title'), languageChoice()),
    element('main', {}, texts.say(element('p'), 'page.lead'), form.node, doing, bar, result),
  );
texts.show();
