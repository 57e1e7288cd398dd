// What may be removed once a hold has ended, and when.
import Box from '@cloudscape-design/components/box';
import { durationWords } from '../show/duration.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import { type CategoryRow, type Expiring, expiringIn } from './expiry.ts';
import type { HoldScope } from './scope.ts';

export interface ExpiryProps {
  readonly scope: HoldScope;
  readonly categories: readonly CategoryRow[];
}

export function Expiry({ scope, categories }: ExpiryProps) {
  const t = useTexts();
  const { locale, full } = useWriting();
  const all = expiringIn(scope, categories, Date.now());
  const sentence = ({ before, notUntil }: Expiring): string => {
    if (before === undefined) return t.holds.neverExpires;
    return notUntil === undefined ? t.holds.expiresBefore(full(before, 'utc')) : t.holds.notYet(full(notUntil, 'utc'));
  };
  return (
    <>
      <Box>{t.holds.expiryAdvice}</Box>
      <ul className="plain">
        {all.map((one) => (
          <li key={one.retention}>
            <strong>{durationWords(one.retention, locale, t.retentions.permanent)}</strong> ({one.categories.join(', ')}
            ): {sentence(one)}
          </li>
        ))}
      </ul>
    </>
  );
}
