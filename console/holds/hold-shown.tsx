// One hold: its history, the entries that it covers, and its end.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { addressOfState, DEFAULT_STATE } from '../entries/state.ts';
import { hashOf } from '../shell/address.ts';
import type { PageProps } from '../shell/page.ts';
import { Value } from '../show/value.tsx';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import { HoldStatus } from './holds-table.tsx';
import { type Hold, releaseOf } from './release.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { searchOfScope } from './scope.ts';
import { ScopeShown } from './scope-shown.tsx';

export interface HoldShownProps extends PageProps {
  readonly hold: Hold;
  readonly onDone: (what: 'asked' | 'released', hold: Hold) => void;
}

export function HoldShown(props: HoldShownProps) {
  const { hold, role, identity, onDone } = props;
  const t = useTexts();
  const [releasing, setReleasing] = useState(false);
  const may = releaseOf(hold, role, identity.subject);
  const { scope, applied, releaseRequested, released } = hold;
  return (
    <SpaceBetween size="m">
      <HoldStatus hold={hold} />
      <section aria-label={t.holds.covers}>
        <Box variant="h3">{t.holds.covers}</Box>
        <ScopeShown scope={scope} />
        <Link href={hashOfEntries(hold)}>{t.holds.entries}</Link>
      </section>
      <section aria-label={t.holds.history}>
        <Box variant="h3">{t.holds.history}</Box>
        <ol className="timeline">
          <Step title={t.holds.steps.applied} {...applied} />
          {releaseRequested !== undefined && <Step title={t.holds.steps.asked} {...releaseRequested} />}
          {released !== undefined && <Step title={t.holds.steps.released} {...released} />}
        </ol>
      </section>
      {(may === 'asked' || may === 'other-office') && <Alert type="info">{t.holds.mayNot[may]}</Alert>}
      {(may === 'release' || may === 'confirm') && (
        <Button onClick={() => setReleasing(true)}>{t.holds.releasing[may]}</Button>
      )}
      {releasing && (
        <ReleaseDialog
          {...props}
          confirming={may === 'confirm'}
          onClose={() => setReleasing(false)}
          onDone={(changed) => {
            setReleasing(false);
            onDone(changed.status === 'released' ? 'released' : 'asked', changed);
          }}
        />
      )}
    </SpaceBetween>
  );
}

type StepProps = Hold['applied'] & { readonly title: string };

function Step({ title, at, by, role, reason }: StepProps) {
  const t = useTexts();
  return (
    <li>
      <When time={at} /> <strong>{title}</strong>: <Value text={by} /> ({t.roles[role].name})
      <Box color="text-body-secondary">
        <Value text={reason} lines />
      </Box>
    </li>
  );
}

/** In the page of entries; the search finds a little more where related records are named. */
function hashOfEntries({ scope }: Hold): string {
  const { q = '', from, to } = searchOfScope(scope);
  const bounded = from !== undefined || to !== undefined;
  const range = bounded
    ? { from: from ?? new Date(0).toISOString(), to: to ?? new Date(Date.now() + 60_000).toISOString() }
    : 'all';
  return hashOf('entries', addressOfState({ ...DEFAULT_STATE, q, range }));
}
