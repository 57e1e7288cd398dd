// Keys for who reads many entries: j and k go down and up, / goes to the search.
import { useEffect, useRef } from 'react';
import type { Place } from './state.ts';
import { placeOfRow, type Row } from './use-entries.ts';

export interface Keys {
  readonly rows: readonly Row[];
  readonly open: Place | undefined;
  readonly onOpen: (row: Row) => void;
}

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const step = { j: 1, k: -1 }[event.key];
      if (step !== undefined) stepBy(step, latest.current);
      if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('.search input')?.focus();
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function stepBy(step: number, { rows, open, onOpen }: Keys): void {
  const at = open === undefined ? -1 : rows.findIndex((row) => placeOfRow(row) === placeOfRow(open));
  const next = rows[at === -1 ? 0 : at + step];
  if (next !== undefined) onOpen(next);
}

/** Letters that are typed, or that a menu looks for. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role=listbox], [role=menu], [role=dialog]') !== null
  );
}
