// When something happened, as the way to its entry.
import Link from '@cloudscape-design/components/link';
import { addressOfState, DEFAULT_STATE } from '../entries/state.ts';
import type { Row } from '../entries/use-entries.ts';
import { hashOf } from '../shell/address.ts';
import { beginningOf } from '../show/marks.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';

export interface MomentProps {
  readonly row: Row;
  readonly onOpen: (row: Row) => void;
}

export function Moment({ row, onOpen }: MomentProps) {
  const t = useTexts().entries;
  const { near, full } = useWriting();
  const { occurredAt, description } = row.entry;
  const time = near(occurredAt, Date.now());
  return (
    <Link
      href={hashOf('entries', addressOfState({ ...DEFAULT_STATE, range: 'all', open: row }))}
      ariaLabel={`${time}. ${t.openEntry(beginningOf(description, 80))}`}
      onFollow={(event) => {
        event.preventDefault();
        onOpen(row);
      }}
    >
      <time dateTime={occurredAt} title={full(occurredAt)}>
        {time}
      </time>
    </Link>
  );
}
