/** Counted only when something is wrong, so that reading well-formed text pays nothing for it. */
export function placeIn(text: string, at: number): { offset: number; line: number; column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  let column = 1;
  for (const _ of before.slice(lineStart)) column++;
  return { offset: new TextEncoder().encode(before).length, line, column };
}
