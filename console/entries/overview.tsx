// All fields of an entry, each with a way to search for its value.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { and, equals } from '../../core/query/ast.ts';
import { fieldAt } from '../../core/query/fields.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { printQuery } from '../../core/query/print.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { type FieldValue, fieldsOf, type Section } from './fields.ts';
import { labelOf } from './filter-box.tsx';
import { OutcomeShown, Severity } from './severity.tsx';
import type { Row } from './use-entries.ts';

export interface OverviewProps {
  readonly row: Row;
  readonly q: string;
  readonly onFilter: (q: string) => void;
}

export function Overview({ row, q, onFilter }: OverviewProps) {
  const t = useTexts();
  return (
    <SpaceBetween size="m">
      <SpaceBetween size="s" direction="horizontal">
        <Severity value={row.entry.severity} />
        <OutcomeShown value={row.entry.outcome} />
      </SpaceBetween>
      {fieldsOf(row).map(({ section, fields }) => (
        <section key={section} aria-label={t.sections[section as Section]}>
          <Box variant="h3">{t.sections[section as Section]}</Box>
          <dl className="fields">
            {fields.map((field) => (
              <FieldShown key={field.name} field={field} q={q} onFilter={onFilter} />
            ))}
          </dl>
        </section>
      ))}
    </SpaceBetween>
  );
}

const TIMES = ['occurredAt', 'recordedAt'];

function FieldShown({
  field: { name, value },
  q,
  onFilter,
}: { readonly field: FieldValue } & Omit<OverviewProps, 'row'>) {
  const t = useTexts();
  const { full } = useWriting();
  const label = labelOf(t, name);
  const wanted = narrowed(q, name, value);
  return (
    <div className="field">
      <dt>
        <Value text={label} short={120} />
      </dt>
      <dd>
        {TIMES.includes(name) ? (
          <>
            <div>{full(value, 'local')}</div>
            <div>{full(value, 'utc')}</div>
          </>
        ) : (
          <Value text={value} />
        )}{' '}
        {wanted !== undefined && (
          <Button
            variant="inline-icon"
            iconName="filter"
            ariaLabel={t.panel.filterBy(label, value.slice(0, 60))}
            onClick={() => onFilter(wanted)}
          />
        )}
      </dd>
    </div>
  );
}

/** The query with one more condition; undefined for what no condition can be made of. */
function narrowed(q: string, name: string, value: string): string | undefined {
  const field = fieldAt(name.split('.'));
  if (field === undefined || field.kind === 'group' || value.length > 1_000) return undefined;
  try {
    const text = printQuery(and(parseQuery(q), equals(name, value)));
    parseQuery(text);
    return text;
  } catch {
    return undefined;
  }
}
