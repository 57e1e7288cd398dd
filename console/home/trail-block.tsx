// Whether the trail is intact, in words.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import { standingOf } from '../verification/standing.ts';
import { StandingShown } from '../verification/standing-shown.tsx';
import { useSealed } from '../verification/use-sealed.ts';

/** Enough to have the newest check of everything among them: one a week, and one of what is new each day. */
const CHECKS = 20;

export function TrailBlock({ api, role }: { readonly api: Api; readonly role: AccessRole }) {
  const t = useTexts().home;
  const { near } = useWriting();
  const { answer, error, again } = useAnswer(
    (signal) => api.call('listVerifications', { query: { limit: CHECKS }, signal }),
    [api],
  );
  const sealed = useSealed(api, role, answer?.verifications[0]);
  return (
    <Container header={<Header variant="h2">{t.trail}</Header>}>
      {error !== undefined && <Fault error={error} onRetry={again} />}
      {error === undefined && answer === undefined && <Spinner />}
      {answer !== undefined && (
        <SpaceBetween size="s">
          <StandingShown standing={standingOf(answer.verifications, Date.now())} sealed={sealed} />
          {sealed !== undefined && <Box>{t.sealed(near(sealed.sealedAt, Date.now()))}</Box>}
        </SpaceBetween>
      )}
    </Container>
  );
}
