// The log's keys with fingerprints that two people can compare by telephone.
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useTexts } from '../texts/use.ts';
import { Code } from './checkpoint.tsx';
import type { LogKey } from './note.ts';

export interface KeysProps {
  readonly keys: readonly (LogKey & { readonly fingerprint: string })[];
}

export function Keys({ keys }: KeysProps) {
  const t = useTexts();
  return (
    <Table
      variant="container"
      wrapLines
      items={keys}
      trackBy="line"
      ariaLabels={{ tableLabel: t.checkpoints.keys }}
      header={
        <Header variant="h2" description={t.checkpoints.keysAdvice}>
          {t.checkpoints.keys}
        </Header>
      }
      empty={<Box>{t.checkpoints.noKeys}</Box>}
      footer={<Box variant="small">{t.checkpoints.fingerprintAdvice}</Box>}
      columnDefinitions={[
        {
          ...{ id: 'type', header: t.checkpoints.kind, isRowHeader: true, minWidth: 150 },
          cell: ({ type }) => t.keyTypes[type],
        },
        { id: 'id', header: t.checkpoints.keyId, minWidth: 100, cell: ({ id }) => <Code text={id} /> },
        {
          ...{ id: 'fingerprint', header: t.checkpoints.fingerprint, minWidth: 240 },
          cell: ({ fingerprint }) => <Code text={fingerprint} />,
        },
        {
          ...{ id: 'copy', header: t.checkpoints.key, minWidth: 120 },
          cell: ({ line }) => (
            <CopyToClipboard
              copyButtonText={t.checkpoints.copyKey}
              textToCopy={line}
              copySuccessText={t.shell.copied}
              copyErrorText={t.shell.notCopied}
            />
          ),
        },
      ]}
    />
  );
}
