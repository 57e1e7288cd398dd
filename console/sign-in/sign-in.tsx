// Nobody is signed in: why, and the one button.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTexts } from '../texts/use.ts';
import type { SignInError } from './issuer.ts';
import { PlainPage } from './plain-page.tsx';

export interface SignInProps {
  /** `unreachable`: not even where to sign in is known. */
  readonly why: 'left' | 'expired' | 'failed' | 'unreachable';
  readonly fault?: SignInError | undefined;
  readonly onSignIn: () => void;
}

export function SignIn({ why, fault, onSignIn }: SignInProps) {
  const t = useTexts().signIn;
  return (
    <PlainPage title={t.title}>
      <SpaceBetween size="m">
        {why === 'expired' && (
          <Alert type="info" header={t.expired}>
            {t.expiredAdvice}
          </Alert>
        )}
        {why === 'unreachable' && (
          <Alert type="error" header={t.unreachable}>
            {t.unreachableAdvice}
          </Alert>
        )}
        {why === 'failed' && (
          <Alert type="error" header={fault?.code === 'unreachable' ? t.unreachable : t.failed}>
            {fault?.code === 'unreachable' ? t.unreachableAdvice : t.failedAdvice}
            {fault !== undefined && fault.code !== 'unreachable' && (
              <Box variant="small" display="block">
                <bdi>
                  {fault.code}: {fault.message}
                </bdi>
              </Box>
            )}
          </Alert>
        )}
        <Box>{t.explained}</Box>
        <Button variant="primary" onClick={onSignIn} fullWidth>
          {why === 'unreachable' ? t.again : t.button}
        </Button>
      </SpaceBetween>
    </PlainPage>
  );
}
