// Rows of an export: from the archive up to the split, from the ledger on from there.
import type { EntrySource, RowsRequest } from '../../../services/export/port.ts';
import { type ArchivePorts, type ArchiveSearch, archiveRows } from '../../../services/query/archive-search.ts';
import type { PlantedRow } from '../../../services/query/slice-rows.ts';
import type { Gaps } from '../../../services/search/gaps.ts';
import type { Found, Keeping, Period } from '../../../services/search/port.ts';
import { type SearchPorts, searchHot } from '../../../services/search/search.ts';

/** The archive up to the split, the ledger from there on; each half is asked only for what is left to it. */
export function entrySource(search: SearchPorts, archive: ArchivePorts): EntrySource {
  return {
    async *rows(
      { split, token, expired = [], ...request }: RowsRequest,
      gaps: Gaps,
    ): AsyncGenerator<Found, void, undefined> {
      const { period, order, after } = request;
      const onPlanted = (row: PlantedRow) => {
        archive.onPlanted?.(row);
        if (Number.isInteger(row.chain) && Number.isSafeInteger(row.position))
          gaps.add(row.chain, [row.position], 'planted');
      };
      const old = within(period, { from: Number.NEGATIVE_INFINITY, to: split });
      const hot = within(period, { from: split, to: Number.POSITIVE_INFINITY });
      const isPast = ({ from, to }: Period) =>
        from >= to || (after !== undefined && (order === 'asc' ? after.recordedAt >= to : after.recordedAt < from));
      const halves = [
        {
          isPast: isPast(old),
          rows: () => archived({ ...archive, onPlanted }, { ...request, period: old, token, expired }, search.keeping),
        },
        { isPast: isPast(hot), rows: () => searchHot(search, { ...request, period: hot }, gaps) },
      ];
      for (const half of order === 'asc' ? halves : halves.reverse()) if (!half.isPast) yield* half.rows();
    },
  };
}

/** What has expired meanwhile, or on days of which something is held, is left out entry by entry. */
async function* archived(
  ports: ArchivePorts,
  search: ArchiveSearch,
  keeping: Keeping,
): AsyncGenerator<Found, void, undefined> {
  for await (const found of archiveRows(ports, search)) yield* await keeping.kept(search.tenant, [found]);
}

const within = (period: Period, bounds: Period): Period => ({
  from: Math.max(period.from, bounds.from),
  to: Math.min(period.to, bounds.to),
});
