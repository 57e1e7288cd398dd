// From when to when, and in which zone times are written.
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { ZONES, type Zone } from '../shell/choices.ts';
import { prefer, usePreferences } from '../shell/preferences.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import type { Range } from './state.ts';

const PRESETS = [
  { key: '24h', amount: 24, unit: 'hour', type: 'relative' },
  { key: '7d', amount: 7, unit: 'day', type: 'relative' },
  { key: '30d', amount: 30, unit: 'day', type: 'relative' },
] as const;

/** The longest that a link can say. */
const MOST_AMOUNT = 99_999;

export interface RangePickerProps {
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}

export function RangePicker({ range, onChange }: RangePickerProps) {
  const t = useTexts();
  const { zone } = usePreferences();
  const { locale } = useWriting();
  return (
    <DateRangePicker
      value={shownRange(range)}
      locale={locale}
      relativeOptions={PRESETS}
      placeholder={t.entries.anyTime}
      getTimeOffset={offsetIn(zone)}
      absoluteFormat="long-localized"
      ariaLabel={t.entries.range}
      isValidRange={(value) => {
        if (value === null) return { valid: true };
        const fits =
          value.type === 'relative'
            ? value.amount >= 1 && value.amount <= MOST_AMOUNT
            : Date.parse(value.startDate) < Date.parse(value.endDate);
        return fits ? { valid: true } : { valid: false, errorMessage: t.entries.badRange };
      }}
      onChange={({ detail }) => onChange(rangeOfValue(detail.value))}
    />
  );
}

export function ZoneChoice() {
  const t = useTexts();
  const { zone } = usePreferences();
  return (
    <SegmentedControl
      label={t.entries.zone}
      selectedId={zone}
      options={ZONES.map((id) => ({ id, text: t.zones[id] }))}
      onChange={({ detail }) => {
        const chosen = ZONES.find((one) => one === detail.selectedId);
        if (chosen !== undefined) prefer({ zone: chosen });
      }}
    />
  );
}

/** Minutes that the zone is ahead of UTC at a time. */
const offsetIn =
  (zone: Zone) =>
  (date: Date): number =>
    zone === 'utc' ? 0 : -date.getTimezoneOffset();

function shownRange(range: Range): DateRangePickerProps.Value | null {
  if (range === 'all') return null;
  if ('from' in range) return { type: 'absolute', startDate: range.from, endDate: range.to };
  const { amount, unit } = range;
  return PRESETS.find((one) => one.amount === amount && one.unit === unit) ?? { type: 'relative', amount, unit };
}

/** What is typed without a zone is of the zone that the picker shows, which it writes behind it. */
function rangeOfValue(value: DateRangePickerProps.Value | null): Range {
  if (value === null) return 'all';
  if (value.type === 'relative') return { amount: value.amount, unit: value.unit };
  const [from, to] = [value.startDate, value.endDate].map((text) => new Date(text).toISOString());
  return { from: from!, to: to! };
}
