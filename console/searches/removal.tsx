// Asks once more before a search is removed: others may go by its name.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Saved } from './page.tsx';

export interface RemovalProps {
  readonly api: Api;
  readonly saved: Saved;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

export function Removal({ api, saved, onDone, onCancel }: RemovalProps) {
  const t = useTexts().searches;
  const [removing, setRemoving] = useState(false);
  const [error, setError] = useState<unknown>();
  const remove = (): void => {
    setRemoving(true);
    api.call('deleteSearch', { path: { id: saved.id } }).then(onDone, (fault: unknown) => {
      setError(fault);
      setRemoving(false);
    });
  };
  return (
    <Modal
      visible
      header={t.removal}
      closeAriaLabel={t.cancel}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onCancel}>{t.cancel}</Button>
            <Button variant="primary" loading={removing} onClick={remove}>
              {t.remove}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        {error !== undefined && <Fault error={error} />}
        <Box variant="strong">
          <Value text={saved.name} short={200} />
        </Box>
        <Box>{saved.shared ? t.removalOfShared : t.removalOfOwn}</Box>
      </SpaceBetween>
    </Modal>
  );
}
