// Which columns the table has, how many rows, and how close they stand.
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import { prefer, usePreferences } from '../shell/preferences.ts';
import { useTexts } from '../texts/use.ts';
import { COLUMNS, displayOf, SHOWN_AT_FIRST } from './columns.tsx';

const PAGE_SIZES = [20, 50, 100, 200];

export default function TablePreferences() {
  const t = useTexts();
  const { pageSize, wrap, compact, columns } = usePreferences();
  return (
    <CollectionPreferences
      title={t.entries.preferences}
      preferences={{
        pageSize,
        wrapLines: wrap,
        contentDensity: compact ? 'compact' : 'comfortable',
        contentDisplay: displayOf(columns ?? SHOWN_AT_FIRST),
      }}
      pageSizePreference={{ options: PAGE_SIZES.map((value) => ({ value, label: t.entries.perPage(value) })) }}
      wrapLinesPreference={{}}
      contentDensityPreference={{}}
      contentDisplayPreference={{
        options: COLUMNS.map((id) => ({ id, label: t.columns[id], alwaysVisible: id === 'time' })),
      }}
      onConfirm={({ detail }) =>
        prefer({
          pageSize: detail.pageSize ?? pageSize,
          wrap: detail.wrapLines ?? wrap,
          compact: detail.contentDensity === 'compact',
          columns: (detail.contentDisplay ?? []).filter(({ visible }) => visible).map(({ id }) => id),
        })
      }
    />
  );
}
