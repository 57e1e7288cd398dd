// Which record: by the words that the application has for it.
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { go, hashOf } from '../shell/address.ts';
import { useTexts } from '../texts/use.ts';
import { addressOfRecord, NO_RECORD } from './state.ts';

export function Finder({ type, id }: { readonly type: string; readonly id: string }) {
  const t = useTexts().record;
  const [wantedType, setType] = useState(type);
  const [wantedId, setId] = useState(id);
  const isComplete = wantedType.trim() !== '' && wantedId.trim() !== '';
  const find = (): void => {
    if (!isComplete) return;
    go(hashOf('record', addressOfRecord({ ...NO_RECORD, type: wantedType.trim(), id: wantedId.trim() })));
  };
  return (
    <SpaceBetween size="s">
      <Header variant="h1" description={t.explained}>
        {t.title}
      </Header>
      <form
        className="unprinted"
        aria-label={t.find}
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <SpaceBetween size="s" direction="horizontal" alignItems="end">
          <FormField label={t.type} description={t.typeAdvice}>
            <Input value={wantedType} onChange={({ detail }) => setType(detail.value)} autoComplete={false} />
          </FormField>
          <FormField label={t.id} description={t.idAdvice}>
            <Input value={wantedId} onChange={({ detail }) => setId(detail.value)} autoComplete={false} />
          </FormField>
          <Button formAction="submit" disabled={!isComplete}>
            {t.show}
          </Button>
        </SpaceBetween>
      </form>
    </SpaceBetween>
  );
}
