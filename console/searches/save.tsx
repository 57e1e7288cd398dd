// Keeps what the page of entries asks under a name.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import type { EntriesState } from '../entries/state.ts';
import { Fault } from '../shell/fault.tsx';
import { unguessable } from '../sign-in/pkce.ts';
import { useTexts } from '../texts/use.ts';
import { parametersOf } from './parameters.ts';

const MOST_NAME = 200;

export interface SaveSearchProps {
  readonly api: Api;
  readonly state: EntriesState;
  readonly onSaved: (name: string) => void;
}

export function SaveSearch(props: SaveSearchProps) {
  const t = useTexts().searches;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.save}</Button>
      {open && <Asking {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Asking({ api, state, onSaved, onClose }: SaveSearchProps & { readonly onClose: () => void }) {
  const t = useTexts();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  // One key for this dialogue: pressing again after a lost answer saves nothing twice.
  const [key] = useState(unguessable);
  const parameters = parametersOf(state);
  const ready = name.trim() !== '' && name.length <= MOST_NAME && parameters !== undefined;
  const save = (): void => {
    if (parameters === undefined || !ready || saving) return;
    setSaving(true);
    const body = { name: name.trim(), shared, parameters };
    api.call('saveSearch', { body, headers: { 'idempotency-key': key } }).then(
      () => {
        onSaved(body.name);
        onClose();
      },
      (fault: unknown) => {
        setError(fault);
        setSaving(false);
      },
    );
  };
  return (
    <Modal
      visible
      header={t.searches.save}
      closeAriaLabel={t.searches.cancel}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onClose}>{t.searches.cancel}</Button>
            <Button variant="primary" disabled={!ready} loading={saving} onClick={save}>
              {t.searches.keep}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <SpaceBetween size="m">
          {error !== undefined && <Fault error={error} />}
          {parameters === undefined && <Alert type="warning">{t.searches.noSuchRange}</Alert>}
          <FormField label={t.searches.name} constraintText={t.searches.nameHint}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
          </FormField>
          <Checkbox
            checked={shared}
            onChange={({ detail }) => setShared(detail.checked)}
            description={t.searches.sharedHint}
          >
            {t.searches.shared}
          </Checkbox>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
