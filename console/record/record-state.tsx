// The state of a record: its values through time, and what they were at a chosen moment.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { usePreferences } from '../shell/preferences.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import { dayAt, endOfDay } from './days.ts';
import { lanesOf, momentsOf, stateAt } from './lanes.ts';
import { LanesShown } from './lanes-shown.tsx';
import type { RecordPart } from './record-history.tsx';
import { StateTable } from './state-table.tsx';
import { isAbout } from './summary.ts';

export function RecordState({ rows, state, onOpen, onChange }: RecordPart) {
  const t = useTexts().record.state;
  const { full } = useWriting();
  const { type, id, at } = state;
  const lanes = useMemo(() => lanesOf(rows.filter((row) => isAbout(row, type, id))), [rows, type, id]);
  if (lanes.length === 0) return null;
  const values = stateAt(lanes, at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at));
  return (
    <Container
      header={
        <Header variant="h2" description={t.explained}>
          {t.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <AsOf at={at} moments={momentsOf(lanes)} onChange={(wanted) => onChange({ at: wanted })} />
        <LanesShown lanes={lanes} rows={rows} at={at} />
        <Box variant="h3">{at === undefined ? t.now : t.wasThen(full(at))}</Box>
        {values.length === 0 ? <Box>{t.nothing}</Box> : <StateTable values={values} onOpen={onOpen} />}
      </SpaceBetween>
    </Container>
  );
}

interface AsOfProps {
  readonly at: string | undefined;
  readonly moments: readonly number[];
  readonly onChange: (at: string | undefined) => void;
}

/** By day, or from one change to the next. */
function AsOf({ at, moments, onChange }: AsOfProps) {
  const t = useTexts().record.state;
  const { zone } = usePreferences();
  const { locale } = useWriting();
  const now = at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
  const current = moments.findLast((one) => one <= now);
  const before = current === undefined ? undefined : moments.findLast((one) => one < current);
  const next = moments.find((one) => one > now);
  const step = (moment: number | undefined): void => {
    if (moment !== undefined) onChange(new Date(moment).toISOString());
  };
  return (
    <div className="unprinted">
      <SpaceBetween size="s" direction="horizontal" alignItems="end">
        <FormField label={t.asOf}>
          <DatePicker
            value={at === undefined ? '' : dayAt(at, zone)}
            locale={locale}
            format="iso"
            placeholder={t.placeholder}
            onChange={({ detail }) => onChange(detail.value === '' ? undefined : endOfDay(detail.value, zone))}
          />
        </FormField>
        <Button disabled={before === undefined} onClick={() => step(before)}>
          {t.before}
        </Button>
        <Button disabled={next === undefined} onClick={() => step(next)}>
          {t.next}
        </Button>
        <Button disabled={at === undefined} onClick={() => onChange(undefined)}>
          {t.asNow}
        </Button>
      </SpaceBetween>
    </div>
  );
}
