// Reads the CSV that Athena writes.
const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

export interface CsvRecord {
  readonly cells: readonly (string | null)[];
  /** Where the next one begins. */
  readonly next: number;
}

/** The bytes are no CSV of Athena's. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
  readonly code = 'csv';
}

/**
 * The record that begins at `start`, of CSV as Athena writes it: every value in quotes, and nothing where there is none.
 * Undefined when the bytes end before it does.
 */
export function csvRecord(bytes: Buffer, start: number): CsvRecord | undefined {
  const cells: (string | null)[] = [];
  for (let at = start; ; at++) {
    if (bytes[at] === QUOTE) {
      const end = closingQuote(bytes, at + 1);
      if (end === undefined) return undefined;
      cells.push(bytes.toString('utf8', at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      cells.push(null);
    }
    if (at >= bytes.length) return undefined;
    if (bytes[at] === LINE_FEED) return { cells, next: at + 1 };
    if (bytes[at] !== COMMA) throw new CsvFault(`got byte ${bytes[at]} at ${at}, want a comma or the end of the line`);
  }
}

/** A quote that is followed by another stands for one; at the end of the bytes nobody knows. */
function closingQuote(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 2)) {
    if (at + 1 >= bytes.length) return undefined;
    if (bytes[at + 1] !== QUOTE) return at;
  }
  return undefined;
}
