import type { EntrySource, RowsRequest } from '../../services/export/port.ts';
import { type ArchivePorts, archiveRows } from '../../services/query/archive-search.ts';
import type { Found, Period } from '../../services/search/port.ts';
import { type SearchPorts, searchHot } from '../../services/search/search.ts';

/** The archive up to the split, the ledger from there on; each half is asked only for what is left to it. */
export function entrySource(search: SearchPorts, archive: ArchivePorts): EntrySource {
  return {
    async *rows({ split, token, ...request }: RowsRequest): AsyncGenerator<Found, void, undefined> {
      const { period, order, after } = request;
      const old = within(period, { from: Number.NEGATIVE_INFINITY, to: split });
      const hot = within(period, { from: split, to: Number.POSITIVE_INFINITY });
      const isPast = ({ from, to }: Period) =>
        from >= to || (after !== undefined && (order === 'asc' ? after.recordedAt >= to : after.recordedAt < from));
      const halves = [
        { isPast: isPast(old), rows: () => archiveRows(archive, { ...request, period: old, token }) },
        { isPast: isPast(hot), rows: () => searchHot(search, { ...request, period: hot }) },
      ];
      for (const half of order === 'asc' ? halves : halves.reverse()) if (!half.isPast) yield* half.rows();
    },
  };
}

const within = (period: Period, bounds: Period): Period => ({
  from: Math.max(period.from, bounds.from),
  to: Math.min(period.to, bounds.to),
});
