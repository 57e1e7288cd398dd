// Severity and outcome, in a word and a shape: colour alone says nothing to many.
import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Outcome, Severity as Severities } from '../../core/entry/schema.ts';
import { useTexts } from '../texts/use.ts';

const SHAPES: Readonly<Record<Severities, string>> = { critical: '▲▲', high: '▲', medium: '◆', low: '●', info: '○' };
const COLORS: Readonly<Record<Severities, NonNullable<BadgeProps['color']>>> = {
  critical: 'severity-critical',
  high: 'severity-high',
  medium: 'severity-medium',
  low: 'severity-low',
  info: 'severity-neutral',
};

export function Severity({ value }: { readonly value: Severities }) {
  const t = useTexts();
  return (
    <Badge color={COLORS[value]}>
      <span className="nowrap">
        <span aria-hidden="true">{SHAPES[value]} </span>
        {t.severities[value]}
      </span>
    </Badge>
  );
}

const KINDS: Readonly<Record<Outcome, StatusIndicatorProps.Type>> = {
  success: 'success',
  failure: 'error',
  denied: 'stopped',
  unknown: 'info',
};

export function OutcomeShown({ value }: { readonly value: Outcome }) {
  const t = useTexts();
  return <StatusIndicator type={KINDS[value]}>{t.outcomes[value]}</StatusIndicator>;
}
