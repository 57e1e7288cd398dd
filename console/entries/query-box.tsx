// The query as text: what can't be read is marked where it is, and what was expected there is said.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useEffect, useMemo, useState } from 'react';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { useTexts } from '../texts/use.ts';

export interface QueryBoxProps {
  readonly q: string;
  readonly onSearch: (q: string) => void;
}

export function QueryBox({ q, onSearch }: QueryBoxProps) {
  const t = useTexts().query;
  const [draft, setDraft] = useState(q);
  // The filter, a link or going back may change what is asked.
  useEffect(() => setDraft(q), [q]);
  const fault = useMemo(() => faultIn(draft), [draft]);
  const search = (): void => {
    if (fault === undefined) onSearch(draft.trim());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <FormField
        stretch
        label={t.label}
        constraintText={fault === undefined ? t.hint : undefined}
        errorText={fault === undefined ? undefined : <Faulty text={draft} fault={fault} />}
        secondaryControl={
          <Button formAction="submit" iconName="search" disabled={fault !== undefined}>
            {t.search}
          </Button>
        }
      >
        <Input
          value={draft}
          type="text"
          inputMode="search"
          spellcheck={false}
          autoComplete={false}
          placeholder={t.example}
          onChange={({ detail }) => setDraft(detail.value)}
        />
      </FormField>
    </form>
  );
}

/** Undefined for what can be asked. */
function faultIn(text: string): QueryError | undefined {
  try {
    parseQuery(text);
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

/** Characters around the fault: of a long query the place matters, not all of it. */
const AROUND = 30;

function Faulty({ text, fault }: { readonly text: string; readonly fault: QueryError }) {
  const t = useTexts().query;
  const points = [...text];
  const at = fault.column - 1;
  const before = points.slice(Math.max(0, at - AROUND), at).join('');
  const here = points[at] ?? '␣';
  const after = points.slice(at + 1, at + AROUND).join('');
  return (
    <>
      {t.fault(fault.column)} <bdi lang="en">{fault.expected}</bdi>
      <Box variant="code" display="block">
        <bdi dir="ltr">
          {at > AROUND && '…'}
          {before}
          <mark>{here}</mark>
          {after}
        </bdi>
      </Box>
    </>
  );
}
