// Why a text is refused as JSON, and where.
export type JsonFaultCode =
  | 'empty'
  | 'byte-order-mark'
  | 'invalid-utf8'
  | 'lone-surrogate'
  | 'unexpected-end'
  | 'unexpected-character'
  | 'control-character'
  | 'bad-escape'
  | 'bad-number'
  | 'not-finite'
  | 'unsafe-integer'
  | 'inexact-number'
  | 'duplicate-key'
  | 'too-deep'
  | 'trailing-data';

export interface JsonPlace {
  /** Of the value (or, for a key, the member) that the fault is in; the innermost one begun when the text breaks off. */
  readonly pointer: string;
  /** In bytes of UTF-8 from the start of the text. */
  readonly offset: number;
  /** Both from 1; a column is a Unicode code point. */
  readonly line: number;
  readonly column: number;
}

/** The text is not JSON, or is JSON that has more than one reading. The message holds no value of the text. */
export class JsonFault extends Error implements JsonPlace {
  override readonly name = 'JsonFault';
  readonly code: JsonFaultCode;
  readonly pointer: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(code: JsonFaultCode, message: string, place: JsonPlace) {
    super(`${message} at line ${place.line}, column ${place.column}`);
    this.code = code;
    this.pointer = place.pointer;
    this.offset = place.offset;
    this.line = place.line;
    this.column = place.column;
  }
}
