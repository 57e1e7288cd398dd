// What a hold covers, in words.
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { HoldScope } from './scope.ts';

export interface ScopeShownProps {
  readonly scope: HoldScope;
  /** Of a cell. */
  readonly short?: boolean;
}

const SHORT = 80;

export function ScopeShown({ scope, short = false }: ScopeShownProps) {
  const t = useTexts();
  const { full } = useWriting();
  const { subject, target, category, from, to } = scope;
  const cut = short ? { short: SHORT } : {};
  const parts = [
    subject !== undefined && { name: t.holds.subject, text: subject },
    target !== undefined && {
      name: t.holds.record,
      text: target.id === undefined ? target.type : `${target.type} ${target.id}`,
    },
    category !== undefined && { name: t.holds.category, text: category },
    from !== undefined && { name: t.holds.from, text: full(from) },
    to !== undefined && { name: t.holds.to, text: full(to) },
  ].filter((part) => part !== false);
  if (parts.length === 0) return <>{t.holds.everything}</>;
  return (
    <ul className="plain">
      {parts.map(({ name, text }) => (
        <li key={name}>
          {name}: <Value text={text} {...cut} />
        </li>
      ))}
    </ul>
  );
}
