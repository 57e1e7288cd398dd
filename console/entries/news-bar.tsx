// New entries are announced, and shown when somebody asks for them.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Api } from '../api/client.ts';
import { useWriting } from '../show/times.ts';
import { useTexts } from '../texts/use.ts';
import type { EntriesState } from './state.ts';
import type { Entries } from './use-entries.ts';
import { canBeNews, useLive } from './use-live.ts';

export interface NewsBarProps {
  readonly api: Api;
  readonly subject: string;
  readonly state: EntriesState;
  readonly entries: Entries;
}

export function NewsBar({ api, subject, state, entries }: NewsBarProps) {
  const t = useTexts().news;
  const { number } = useWriting();
  const [on, setOn] = useState(true);
  const news = useLive(api, state, subject, entries.page, on);
  if (!canBeNews(state)) return null;
  return (
    <SpaceBetween size="xs" direction="horizontal" alignItems="center">
      <Button variant="inline-link" iconName={on ? 'status-in-progress' : 'status-stopped'} onClick={() => setOn(!on)}>
        {on ? t.pause : t.resume}
      </Button>
      <LiveRegion>
        <Box color="text-body-secondary">
          {!on ? t.paused : news.count === 0 ? t.none : t.some(number(news.count), news.count, news.more)}
        </Box>
      </LiveRegion>
      {news.count > 0 && on && <Button onClick={entries.reload}>{t.show}</Button>}
    </SpaceBetween>
  );
}
