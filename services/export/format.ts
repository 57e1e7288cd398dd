// What every format of exports implements.
import type { Found, Order } from '../search/port.ts';

/** What an export is of, for formats that say it. */
export interface ExportHeader {
  readonly tenant: string;
  readonly exportId: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly createdBy: string;
  /** In the search language. */
  readonly query: string;
  /** RFC 3339: recorded from then on, and before. */
  readonly from: string;
  readonly to: string;
  readonly order: Order;
  /** Paths of the entry that are wanted, in their order; absent: all. */
  readonly fields?: readonly string[];
}

/** How entries are written down for others. */
export interface ExportFormat {
  readonly name: string;
  /** Without the dot. */
  readonly extension: string;
  readonly contentType: string;
  /** Rows after which a file ends and the next one begins. */
  readonly maxRows: number;
  /** One whole file, piece by piece; the same header and rows always make the same bytes. */
  write(header: ExportHeader, rows: AsyncIterable<Found>): AsyncIterable<Uint8Array>;
}
