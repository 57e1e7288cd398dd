// Elements made of text that is only ever text.

type Attributes = Readonly<Record<string, string>>;

/** An element with attributes and children; a string becomes a text node, so that nothing in it is markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button that chooses files: its input is there for keyboards and screen readers, and looks like nothing. */
export function fileButton(
  label: HTMLElement,
  attributes: Attributes,
  chosen: (files: readonly File[]) => void,
): HTMLElement {
  const input = element('input', { type: 'file', ...attributes });
  input.addEventListener('change', () => {
    chosen([...(input.files ?? [])]);
    // The same file may be chosen again, after it was changed.
    input.value = '';
  });
  return element('label', { class: 'file' }, input, label);
}
