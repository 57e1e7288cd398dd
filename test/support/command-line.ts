/** Runs command lines in this process and keeps what they print. */
import { main } from '../../cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function run(...argv: string[]): Promise<Ran> {
  const written = { out: '', err: '' };
  const keep = (stream: 'out' | 'err') => (text: string) => {
    written[stream] += text;
    return true;
  };
  const { write: out } = process.stdout;
  const { write: err } = process.stderr;
  process.stdout.write = keep('out') as typeof out;
  process.stderr.write = keep('err') as typeof err;
  try {
    const code = await main(argv);
    return { code, ...written };
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
}
