// What is shown where there is no page, or not yet.
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import Spinner from '@cloudscape-design/components/spinner';
import { useTexts } from '../texts/use.ts';
import { hashOf } from './address.ts';

/** Also what a role does not have: that a page exists for others is no reason to say it differently. */
export function Nowhere() {
  const t = useTexts();
  return (
    <Box textAlign="center" padding="xxl">
      <Box variant="h1">{t.shell.nowhere}</Box>
      <Box variant="p">{t.shell.nowhereAdvice}</Box>
      <Link href={hashOf('')} variant="primary">
        {t.shell.begin}
      </Link>
    </Box>
  );
}

export function Loading() {
  const t = useTexts();
  return (
    <Box textAlign="center" padding="xxl" color="text-status-inactive">
      <Spinner /> {t.shell.opening}
    </Box>
  );
}
