/** What TrinoCheck.java reads and writes. */

/** Rows of cells, null for no value; or why there are none. */
export type Answer = readonly (readonly (string | null)[])[] | string;

export const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

const FAILED = 'ERROR ';

export function readAnswers(text: string): Answer[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      if (line.startsWith(FAILED)) return `error: ${decode(line.slice(FAILED.length))}`;
      // A row of one cell without a value is nothing, and so are no rows: a statement that is asked for rows has a row then.
      return line.split(' ').map((row) => row.split(',').map((cell) => (cell === '' ? null : decode(cell.slice(1)))));
    });
}

export const shown = (answer: Answer): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));
