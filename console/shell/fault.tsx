// What failed, in words: whether anything was lost, what to do, and the code under which the logs know it.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiFault } from '../api/problem.ts';
import { useTexts } from '../texts/use.ts';

export function Fault({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useTexts();
  const fault = error instanceof ApiFault ? error : undefined;
  const words = t.faults[fault?.kind ?? 'internal'];
  const details = fault?.problem?.errors?.map(({ detail }) => detail) ?? [];
  const said = details.length > 0 ? details : fault?.problem === undefined ? [] : [fault.problem.detail];
  return (
    <Alert
      type={fault?.kind === 'forbidden' || fault?.kind === 'gone' ? 'warning' : 'error'}
      header={words.title}
      action={onRetry && fault?.kind !== 'forbidden' ? <Button onClick={onRetry}>{t.shell.retry}</Button> : undefined}
    >
      <SpaceBetween size="xs">
        <Box>{words.advice}</Box>
        {said.map((one) => (
          <Box key={one} variant="small" display="block">
            <bdi>{one}</bdi>
          </Box>
        ))}
        {fault?.requestId !== undefined && (
          <Box variant="small" display="block">
            {t.shell.requestCode}{' '}
            <CopyToClipboard
              variant="inline"
              textToCopy={fault.requestId}
              copyButtonAriaLabel={t.shell.copyCode}
              copySuccessText={t.shell.copied}
              copyErrorText={t.shell.notCopied}
            />
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  );
}
