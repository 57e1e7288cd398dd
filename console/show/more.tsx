// The way to the next page of a list, at its end.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useTexts } from '../texts/use.ts';
import type { Pages } from './use-pages.ts';

export function More<T>({ list }: { readonly list: Pages<T> }) {
  const t = useTexts();
  if (!list.more) return null;
  return (
    <Box textAlign="center">
      <Button onClick={list.loadMore} loading={list.loading && list.items !== undefined} loadingText={t.list.loading}>
        {t.list.more}
      </Button>
    </Box>
  );
}
