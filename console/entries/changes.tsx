// View changes: before and after, with what was added, removed and changed.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import type { JsonValue } from '../../core/json/value.ts';
import type { Entry } from '../api/operations.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { type Difference, differencesOf, textOf } from './differences.ts';

/** Rows that are drawn at once. */
const FIRST = 100;

export function Changes({ change }: { readonly change: NonNullable<Entry['change']> }) {
  const t = useTexts().changes;
  const { number } = useWriting();
  const [most, setMost] = useState(FIRST);
  const all = useMemo(() => differencesOf(change.before as JsonValue, change.after as JsonValue), [change]);
  if (all.length === 0) return <Box>{t.none}</Box>;
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">{t.count(number(all.length), all.length)}</Box>
      <table className="changes">
        <thead>
          <tr>
            {[t.what, t.where, t.before, t.after].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.slice(0, most).map((one) => (
            <ChangeRow key={JSON.stringify([one.kind, ...one.path])} difference={one} />
          ))}
        </tbody>
      </table>
      {all.length > most && (
        <Button onClick={() => setMost(most + 10 * FIRST)}>{t.more(number(all.length - most))}</Button>
      )}
    </SpaceBetween>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function ChangeRow({ difference: { kind, path, before, after } }: { readonly difference: Difference }) {
  const t = useTexts().changes;
  return (
    <tr className={kind}>
      <td>
        <span aria-hidden="true">{SIGNS[kind]} </span>
        {t[kind]}
      </td>
      <th scope="row">{path.length === 0 ? t.everything : <Value text={path.join(' › ')} />}</th>
      <td>
        {before === undefined ? (
          '–'
        ) : (
          <del>
            <Value text={textOf(before)} lines />
          </del>
        )}
      </td>
      <td>
        {after === undefined ? (
          '–'
        ) : (
          <ins>
            <Value text={textOf(after)} lines />
          </ins>
        )}
      </td>
    </tr>
  );
}
