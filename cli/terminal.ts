/** Where commands print: what they say may come from a file or a server that is hostile, and no terminal obeys it. */
import { visibleLines } from '../core/visible.ts';

/** To standard output, lines as they are. Text of others inside of a line has to be made `visible` before. */
export function say(text: string): void {
  process.stdout.write(visibleLines(text));
}

/** To standard error, likewise. */
export function remark(text: string): void {
  process.stderr.write(visibleLines(text));
}
