// What stands where nothing is: what would be here, and how it comes.
import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';

export interface EmptyProps {
  readonly title: string;
  readonly advice: string;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

export function Empty({ title, advice, children }: EmptyProps) {
  return (
    <Box textAlign="center" padding="l">
      <Box variant="strong">{title}</Box>
      <Box variant="p" margin={{ bottom: 's' }}>
        {advice}
      </Box>
      {children}
    </Box>
  );
}
