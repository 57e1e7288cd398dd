// What a new hold is to cover, and why.
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { RangePicker } from '../entries/range-picker.tsx';
import { useTexts } from '../texts/use.ts';
import type { Draft, DraftFault } from './scope.ts';

export interface ScopeFormProps {
  readonly draft: Draft;
  /** Those that are to be said. */
  readonly faults: readonly DraftFault[];
  readonly onChange: (change: Partial<Draft>) => void;
}

const MOST_REASON = 2_000;

export function ScopeForm({ draft, faults, onChange }: ScopeFormProps) {
  const t = useTexts();
  const text = (name: 'subject' | 'targetType' | 'targetId', label: string, description: string, fault?: string) => (
    <FormField label={label} description={description} errorText={fault}>
      <Input value={draft[name]} spellcheck={false} onChange={({ detail }) => onChange({ [name]: detail.value })} />
    </FormField>
  );
  const missingKind = faults.includes('missing-kind') ? t.holds.faults['missing-kind'] : undefined;
  return (
    <Container
      header={
        <Header variant="h2" description={t.holds.scopeAdvice}>
          {t.holds.scope}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {text('subject', t.holds.subject, t.holds.subjectAdvice)}
        {text('targetType', t.holds.kind, t.holds.kindAdvice, missingKind)}
        {text('targetId', t.holds.recordId, t.holds.recordIdAdvice)}
        <CategoryField category={draft.category} onChange={onChange} />
        <FormField label={t.holds.range} description={t.holds.rangeAdvice}>
          <RangePicker range={draft.range} onChange={(range) => onChange({ range })} />
        </FormField>
        <FormField
          stretch
          label={t.holds.reason}
          description={t.holds.reasonAdvice}
          constraintText={t.holds.reasonLimit}
          errorText={faults.includes('reason') ? t.holds.faults.reason : undefined}
        >
          <Textarea
            value={draft.reason}
            rows={3}
            nativeTextareaAttributes={{ maxLength: MOST_REASON }}
            onChange={({ detail }) => onChange({ reason: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function CategoryField({ category, onChange }: Pick<ScopeFormProps, 'onChange'> & { readonly category: string }) {
  const t = useTexts();
  const options = [
    { value: '', label: t.holds.anyCategory },
    ...[...CATEGORIES.keys()].map((value) => ({ value, label: value })),
  ];
  return (
    <FormField label={t.holds.category} description={t.holds.categoryAdvice}>
      <Select
        selectedOption={options.find(({ value }) => value === category) ?? options[0]!}
        options={options}
        onChange={({ detail }) => onChange({ category: detail.selectedOption.value ?? '' })}
      />
    </FormField>
  );
}
