// What is asked: as filters or as text, from when to when.
import Alert from '@cloudscape-design/components/alert';
import Grid from '@cloudscape-design/components/grid';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useMemo, useState } from 'react';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { useTexts } from '../texts/use.ts';
import { type Filter, filterOfQuery } from './filter.ts';
import { FilterBox } from './filter-box.tsx';
import { QueryBox } from './query-box.tsx';
import { RangePicker, ZoneChoice } from './range-picker.tsx';
import type { EntriesState } from './state.ts';
import type { Option } from './values.ts';

export interface SearchBarProps {
  readonly state: EntriesState;
  readonly seen: readonly Option[];
  readonly onChange: (change: Partial<EntriesState>) => void;
  /** The way to keep what is asked. */
  readonly save: ReactNode;
}

export function SearchBar({ state, seen, onChange, save }: SearchBarProps) {
  const t = useTexts();
  const [asText, setAsText] = useState(false);
  const filter = useMemo(() => shownAs(state.q), [state.q]);
  const text = asText || filter === undefined;
  const search = (q: string): void => onChange({ q });
  return (
    <SpaceBetween size="s">
      <SpaceBetween size="s" direction="horizontal" alignItems="end">
        <SegmentedControl
          label={t.query.form}
          selectedId={text ? 'text' : 'filters'}
          options={[
            { id: 'filters', text: t.query.asFilters, disabled: filter === undefined },
            { id: 'text', text: t.query.asText },
          ]}
          onChange={({ detail }) => setAsText(detail.selectedId === 'text')}
        />
        <RangePicker range={state.range} onChange={(range) => onChange({ range })} />
        <ZoneChoice />
        {save}
      </SpaceBetween>
      {text ? <QueryBox q={state.q} onSearch={search} /> : <FilterBox filter={filter} seen={seen} onSearch={search} />}
      {filter === undefined && !asText && (
        <Grid>
          <Alert type="info">{t.query.onlyText}</Alert>
        </Grid>
      )}
    </SpaceBetween>
  );
}

/** Undefined for what only text can say, such as a regular expression, and for what can't be read. */
function shownAs(q: string): Filter | undefined {
  try {
    return filterOfQuery(parseQuery(q));
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}
