// Applies a hold: what it covers, why, and a look at what that is before it is applied.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import { go, hashOf, useAddress } from '../shell/address.ts';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { type Preview, preview } from '../show/preview.ts';
import { PreviewShown } from '../show/preview-shown.tsx';
import { useAction } from '../show/use-action.ts';
import { useTexts } from '../texts/use.ts';
import type { Hold } from './release.ts';
import { type Draft, draftOf, faultsOf, type HoldScope, isAbout, scopeOf, searchOfScope } from './scope.ts';
import { ScopeForm } from './scope-form.tsx';
import { ScopeShown } from './scope-shown.tsx';

export interface NewHoldProps extends PageProps {
  readonly onApplied: (hold: Hold) => void;
}

/** What was looked at: only that is applied. */
interface Looked {
  readonly scope: HoldScope;
  readonly found: Preview;
}

export function NewHold({ api, role, onApplied }: NewHoldProps) {
  const t = useTexts();
  const { state } = useAddress();
  const [draft, setDraft] = useState(() => draftOf(state));
  const [looked, setLooked] = useState<Looked>();
  const [tried, setTried] = useState(false);
  const version = useRef(0);
  const faults = faultsOf(draft);
  const looking = useAction(async () => {
    const of = version.current;
    const scope = scopeOf(draft, Date.now());
    const signal = AbortSignal.timeout(LOOK_MS);
    const found = await preview(api, searchOfScope(scope), ({ entry }) => isAbout(scope, entry), signal);
    // What has been changed meanwhile was not looked at.
    if (version.current === of) setLooked({ scope, found });
  });
  const applying = useAction(async (key) => {
    if (looked === undefined) return;
    const body = { reason: draft.reason.trim(), scope: looked.scope };
    onApplied((await api.call('applyHold', { headers: { 'idempotency-key': key }, body })).hold);
  });
  const change = (wanted: Partial<Draft>): void => {
    setDraft({ ...draft, ...wanted });
    if (!('reason' in wanted)) {
      version.current += 1;
      setLooked(undefined);
    }
    applying.clear();
  };
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <SpaceBetween size="l">
        <ScopeForm draft={draft} faults={tried ? faults : []} onChange={change} />
        <Container header={<Header variant="h2">{t.holds.preview}</Header>}>
          <SpaceBetween size="m">
            {looked === undefined ? t.holds.previewAdvice : <Covered {...looked} role={role} />}
            {looking.error !== undefined && <Fault error={looking.error} onRetry={looking.run} />}
            <Button formAction="none" loading={looking.running} loadingText={t.list.loading} onClick={looking.run}>
              {t.holds.look}
            </Button>
          </SpaceBetween>
        </Container>
        {applying.error !== undefined && <Fault error={applying.error} />}
        <SpaceBetween size="xs" direction="horizontal">
          <Button formAction="none" onClick={() => go(hashOf('holds'))}>
            {t.holds.cancel}
          </Button>
          <Button
            variant="primary"
            formAction="none"
            disabled={looked === undefined}
            disabledReason={t.holds.lookFirst}
            loading={applying.running}
            loadingText={t.list.loading}
            onClick={() => {
              setTried(true);
              if (faults.length === 0) applying.run();
            }}
          >
            {t.holds.apply}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </form>
  );
}

/** A look that takes longer is of too much to be looked at. */
const LOOK_MS = 60_000;

function Covered({ scope, found, role }: Looked & Pick<PageProps, 'role'>) {
  const t = useTexts();
  const everything = Object.keys(scope).length === 0;
  return (
    <SpaceBetween size="s">
      <ScopeShown scope={scope} />
      {everything && <Alert type="warning">{t.holds.everythingAdvice}</Alert>}
      <PreviewShown found={found} role={role} />
    </SpaceBetween>
  );
}
