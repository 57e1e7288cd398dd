// Reads the rows of a query's result from S3.
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type ArchiveQuery, type ResultRow, ResultsExpired } from '../../services/query/port.ts';
import { CsvFault, csvRecord } from './csv.ts';

/** Read at a time: flat memory, and what is lost on the way is asked for again by the SDK. */
const RANGE_BYTES = 4 * 1024 * 1024;

/**
 * Rows are read from the CSV in S3 and not with GetQueryResults, which gives a thousand rows at a call and an account some
 * calls a second, and can't begin in the middle.
 */
export class ResultObjects implements Pick<ArchiveQuery, 'rows'> {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async *rows(output: string, from: number): AsyncIterable<ResultRow> {
    let at = from;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const range = await this.#range(output, at + rest.length);
      if (range.length === 0) break;
      const bytes = rest.length === 0 ? range : Buffer.concat([rest, range]);
      let next = 0;
      for (let record = csvRecord(bytes, 0); record !== undefined; record = csvRecord(bytes, next)) {
        const isHeader = at + next === 0;
        next = record.next;
        if (!isHeader) yield { cells: record.cells, end: at + next };
      }
      at += next;
      rest = bytes.subarray(next);
    }
    if (rest.length > 0) throw new CsvFault(`${output} ends within a record`);
  }

  /** Empty beyond the end. */
  async #range(key: string, from: number): Promise<Buffer> {
    const Range = `bytes=${from}-${from + RANGE_BYTES - 1}`;
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, Range }));
      return Buffer.from(await Body!.transformToByteArray());
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 416) return Buffer.alloc(0);
      if (status === 404) throw new ResultsExpired(`${key} is no longer there`, { cause: error });
      throw error;
    }
  }
}
