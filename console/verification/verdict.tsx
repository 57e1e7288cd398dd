// A verdict in a word and a shape.
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useTexts } from '../texts/use.ts';
import type { Verdict } from './standing.ts';

const KINDS: Readonly<Record<Verdict, StatusIndicatorProps.Type>> = {
  intact: 'success',
  unconfirmed: 'pending',
  incomplete: 'warning',
  truncated: 'error',
  missing: 'error',
  altered: 'error',
};

export function VerdictShown({ value }: { readonly value: Verdict }) {
  const t = useTexts();
  return <StatusIndicator type={KINDS[value]}>{t.verdicts[value].name}</StatusIndicator>;
}
