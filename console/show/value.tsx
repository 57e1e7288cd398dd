// A text that somebody else wrote: as text whatever it holds, apart from the direction of the page, long ones folded.
import Button from '@cloudscape-design/components/button';
import { useMemo, useState } from 'react';
import { useTexts } from '../texts/use.ts';
import { beginningOf, partsOf } from './marks.ts';

/** Characters: some lines of a panel, and a cell that nobody has to scroll past. */
const FOLDED = 400;
/** More marks than that say nothing further, and would make a page of elements. */
const MOST_MARKS = 500;

export interface ValueProps {
  readonly text: string;
  /** Of a cell: cut without a way to unfold, which the entry itself has. */
  readonly short?: number;
  /** Characters that are shown before somebody asks for the rest. */
  readonly fold?: number;
  readonly lines?: boolean;
}

export function Value({ text, short, fold = FOLDED, lines = false }: ValueProps) {
  const t = useTexts().show;
  const [whole, setWhole] = useState(false);
  const most = short ?? fold;
  const shown = whole ? text : beginningOf(text, most);
  const cut = shown.length < text.length;
  return (
    <>
      <Marked text={shown} lines={lines} />
      {cut && '…'}
      {short === undefined && text.length > most && (
        <Button variant="inline-link" onClick={() => setWhole(!whole)}>
          {whole ? t.fold : t.unfold(text.length)}
        </Button>
      )}
    </>
  );
}

/** The text with its invisible characters spelled out. */
export function Marked({ text, lines = false }: { readonly text: string; readonly lines?: boolean }) {
  const t = useTexts().show;
  const parts = useMemo(() => partsOf(text, lines), [text, lines]);
  const marks = parts.slice(0, MOST_MARKS);
  const rest = parts.slice(MOST_MARKS);
  return (
    <bdi dir="auto" className={lines ? 'lines' : undefined}>
      {marks.map((part, i) =>
        'text' in part ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name than their place
          <span key={i} className="mark" title={t.invisible(part.mark)}>
            {part.mark}
          </span>
        ),
      )}
      {rest.map((part) => ('text' in part ? part.text : part.mark)).join('')}
    </bdi>
  );
}
