// The seals: the newest signed checkpoint, the keys to compare, and every digest of the organization.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { useTexts } from '../texts/use.ts';
import { CheckpointShownNow } from './checkpoint.tsx';
import { Digests } from './digests-table.tsx';
import { Keys } from './keys.tsx';
import { readCheckpoint, readKeys } from './log.ts';
import { fingerprintOf, keysIn } from './note.ts';

export default function CheckpointsPage({ api }: PageProps) {
  const t = useTexts();
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t.checkpoints.explained}>
          {t.pages.checkpoints}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Log />
        <Digests api={api} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Log() {
  const { answer, error, again } = useAnswer(async (signal) => {
    const [checkpoint, text] = await Promise.all([readCheckpoint(signal), readKeys(signal)]);
    const keys = keysIn(text);
    const named = await Promise.all(keys.map(async (key) => ({ ...key, fingerprint: await fingerprintOf(key) })));
    return { checkpoint, keys: named };
  }, []);
  if (error !== undefined) return <Fault error={error} onRetry={again} />;
  if (answer === undefined) return <Spinner />;
  return (
    <SpaceBetween size="l">
      <CheckpointShownNow text={answer.checkpoint} keys={answer.keys} />
      <Keys keys={answer.keys} />
    </SpaceBetween>
  );
}
