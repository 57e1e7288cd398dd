// The newest checkpoint of the log, to copy and to keep elsewhere.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Empty } from '../show/empty.tsx';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { checkpointIn, type LogKey } from './note.ts';

export interface CheckpointShownNowProps {
  /** Undefined before the first seal. */
  readonly text: string | undefined;
  readonly keys: readonly LogKey[];
}

export function CheckpointShownNow({ text, keys }: CheckpointShownNowProps) {
  const t = useTexts();
  const { full, number } = useWriting();
  const checkpoint = text === undefined ? undefined : checkpointIn(text, keys);
  if (text === undefined || checkpoint === undefined) {
    return (
      <Container header={<Header variant="h2">{t.checkpoints.newest}</Header>}>
        <Empty title={t.checkpoints.none} advice={t.checkpoints.noneAdvice} />
      </Container>
    );
  }
  const signed = checkpoint.signatures.find(({ at }) => at !== undefined)?.at;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.checkpoints.newestAdvice}
          actions={
            <CopyToClipboard
              copyButtonText={t.checkpoints.copy}
              textToCopy={text}
              copySuccessText={t.shell.copied}
              copyErrorText={t.shell.notCopied}
            />
          }
        >
          {t.checkpoints.newest}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            { label: t.checkpoints.origin, value: <Value text={checkpoint.origin} /> },
            { label: t.checkpoints.size, value: number(checkpoint.size) },
            {
              label: t.checkpoints.signedAt,
              value: signed === undefined ? '–' : full(signed),
            },
            { label: t.checkpoints.root, value: <Code text={checkpoint.root} /> },
            {
              label: t.checkpoints.signedBy,
              value: checkpoint.signatures.map(({ keyId }) => <Code key={keyId} text={keyId} />),
            },
          ]}
        />
        <Box color="text-body-secondary">{t.checkpoints.unchecked}</Box>
      </SpaceBetween>
    </Container>
  );
}

/** Digits to compare, one after the other. */
export function Code({ text }: { readonly text: string }) {
  return (
    <div className="code">
      <Box variant="code">{text}</Box>
    </div>
  );
}
