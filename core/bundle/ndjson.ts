// Lines of a file that comes in pieces.
import { BundleError } from './error.ts';

const LF = 0x0a;

/** The lines of a file, without their ends; views that hold until the next is asked for. */
export async function* linesOf(
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
  path: string,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of content) {
    let begin = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, begin)) {
      const line = joined(rest, piece.subarray(begin, end));
      demandLength(line.length, maxBytes, path);
      yield line;
      rest = new Uint8Array();
      begin = end + 1;
    }
    rest = joined(rest, piece.subarray(begin));
    // A piece holds no longer than until the next is asked for.
    if (rest.buffer === piece.buffer) rest = Uint8Array.from(rest);
    demandLength(rest.length, maxBytes, path);
  }
  if (rest.length > 0) throw new BundleError('line', 'got a last line that does not end', path);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

export function demandLength(bytes: number, maxBytes: number, path: string): void {
  if (bytes > maxBytes) throw new BundleError('line', `got a line of more than ${maxBytes} bytes`, path);
}
