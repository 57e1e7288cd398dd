// Ends a hold: with a reason, and with what may then expire said once more.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { useAction } from '../show/use-action.ts';
import { useTexts } from '../texts/use.ts';
import { Expiry } from './expiry-shown.tsx';
import type { Hold } from './release.ts';
import { ScopeShown } from './scope-shown.tsx';

export interface ReleaseDialogProps {
  readonly api: Api;
  readonly hold: Hold;
  /** Somebody else has asked for it. */
  readonly confirming: boolean;
  readonly onClose: () => void;
  readonly onDone: (hold: Hold) => void;
}

const MOST_REASON = 2_000;

export function ReleaseDialog({ api, hold, confirming, onClose, onDone }: ReleaseDialogProps) {
  const t = useTexts();
  const [reason, setReason] = useState('');
  const catalog = useAnswer((signal) => api.call('readCatalog', { signal }), [api]);
  const releasing = useAction(async (key) => {
    const asked = { path: { id: hold.id }, headers: { 'idempotency-key': key }, body: { reason: reason.trim() } };
    onDone((await api.call('releaseHold', asked)).hold);
  });
  const words = confirming ? t.holds.releasing.confirm : t.holds.releasing.release;
  return (
    <Modal
      visible
      header={words}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onClose}>{t.holds.keep}</Button>
            <Button
              variant="primary"
              loading={releasing.running}
              loadingText={t.list.loading}
              disabled={reason.trim() === '' || catalog.answer === undefined}
              onClick={releasing.run}
            >
              {words}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {releasing.error !== undefined && <Fault error={releasing.error} />}
        <ScopeShown scope={hold.scope} />
        <Alert type="warning" header={t.holds.expiry}>
          {catalog.error !== undefined && <Fault error={catalog.error} onRetry={catalog.again} />}
          {catalog.error === undefined && catalog.answer === undefined && <Spinner />}
          {catalog.answer !== undefined && <Expiry scope={hold.scope} categories={catalog.answer.categories} />}
        </Alert>
        <FormField
          stretch
          label={t.holds.releaseReason}
          description={t.holds.releaseReasonAdvice}
          constraintText={t.holds.reasonLimit}
        >
          <Textarea
            value={reason}
            rows={3}
            nativeTextareaAttributes={{ maxLength: MOST_REASON }}
            onChange={({ detail }) => setReason(detail.value)}
          />
        </FormField>
        <Box color="text-body-secondary">{t.holds.second}</Box>
      </SpaceBetween>
    </Modal>
  );
}
