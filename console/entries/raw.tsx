// The entry as it was recorded, to read and to copy.
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { Marked } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Row } from './use-entries.ts';

export function Raw({ row }: { readonly row: Row }) {
  const t = useTexts();
  const text = useMemo(() => JSON.stringify(row.entry, undefined, 2), [row]);
  return (
    <SpaceBetween size="s">
      <CopyToClipboard
        copyButtonText={t.panel.copyRaw}
        copySuccessText={t.shell.copied}
        copyErrorText={t.shell.notCopied}
        textToCopy={text}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="raw" aria-label={t.panel.raw} tabIndex={0}>
        <Box variant="pre">
          <Marked text={text} lines />
        </Box>
      </section>
    </SpaceBetween>
  );
}
