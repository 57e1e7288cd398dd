// The second step: for whom the files are, and which columns they have.
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { FIELDS } from '../../core/query/fields.ts';
import { labelOf } from '../entries/filter-box.tsx';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import { FORMATS, hasColumns, type NewExport } from './request.ts';

export interface FormStepProps {
  readonly wanted: NewExport;
  readonly onChange: (change: Partial<NewExport>) => void;
}

/** What a row has besides the entry. */
const PLACE_FIELDS = ['chain', 'position', 'leafHash', 'link'] as const;
/** As many as the API takes. */
const MOST_FIELDS = 100;

export function FormStep({ wanted: { format, fields }, onChange }: FormStepProps) {
  const t = useTexts();
  const formats = FORMATS.map((value) => ({
    ...{ value, label: t.formats[value].name, description: t.formats[value].advice },
  }));
  const columns = columnsIn(t);
  return (
    <SpaceBetween size="m">
      <FormField label={t.exports.format} description={t.exports.formatAdvice}>
        <Select
          selectedOption={formats.find(({ value }) => value === format)!}
          options={formats}
          triggerVariant="option"
          onChange={({ detail }) => {
            const chosen = FORMATS.find((one) => one === detail.selectedOption.value);
            if (chosen !== undefined) onChange({ format: chosen });
          }}
        />
      </FormField>
      {hasColumns(format) && (
        <FormField label={t.exports.columns} description={t.exports.columnsAdvice}>
          <Multiselect
            selectedOptions={fields.map((value) => ({ value, label: labelOf(t, value) }))}
            options={columns}
            placeholder={t.exports.allColumns}
            filteringType="auto"
            filteringAriaLabel={t.exports.findColumn}
            filteringPlaceholder={t.exports.findColumn}
            empty={t.exports.noColumn}
            tokenLimit={8}
            onChange={({ detail }) =>
              onChange({
                fields: detail.selectedOptions.flatMap(({ value }) => value ?? []).slice(0, MOST_FIELDS),
              })
            }
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

/** Groups such as `actor` are in their members. */
function columnsIn(t: Texts): { readonly value: string; readonly label: string; readonly description: string }[] {
  const names = [...FIELDS].filter(([, { kind }]) => kind !== 'group').map(([name]) => name);
  return [...names, ...PLACE_FIELDS].map((value) => ({ value, label: labelOf(t, value), description: value }));
}
