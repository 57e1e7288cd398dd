// What can be done with what was found: hand the entries out, or hold the record that one of them is about.
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { AccessRole } from '../../core/access/policy.ts';
import { hashOf } from '../shell/address.ts';
import { may } from '../shell/may.ts';
import { useTexts } from '../texts/use.ts';
import { addressOfState, type EntriesState } from './state.ts';
import type { Row } from './use-entries.ts';

export interface OnwardProps {
  readonly role: AccessRole;
  readonly state: EntriesState;
  /** The one in the panel, where the page has it. */
  readonly open: Row | undefined;
}

export function Onward({ role, state, open }: OnwardProps) {
  const t = useTexts().onward;
  const { type, id } = open?.entry.target ?? {};
  return (
    <SpaceBetween size="m" direction="horizontal">
      {may(role, 'startExport') && <Link href={hashOf('exports', newExport(state))}>{t.export}</Link>}
      {may(role, 'applyHold') && type !== undefined && id !== undefined && (
        <Link href={hashOf('holds', new URLSearchParams({ new: '1', type, id }))}>{t.hold}</Link>
      )}
    </SpaceBetween>
  );
}

/** The question, from its first page. */
function newExport(state: EntriesState): URLSearchParams {
  const address = addressOfState({ ...state, page: 1, cursor: undefined, open: undefined });
  address.set('new', '1');
  return address;
}
