// The jobs of a reader, looked at again while one of them runs.
import { useEffect } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import { may } from '../shell/may.ts';
import { type Answered, useAnswer } from '../shell/use-answer.ts';
import { isRunning, type Job, jobsOf } from './jobs.ts';

/** Lists of jobs are no reads of the trail, and so no entries. */
const EVERY_MS = 5_000;

export function useJobs(api: Api, role: AccessRole, subject: string): Answered<readonly Job[]> {
  const answered = useAnswer(
    async (signal) => {
      const [exported, searched] = await Promise.all([
        may(role, 'listExports') ? api.call('listExports', { signal }) : { exports: [] },
        may(role, 'listQueries') ? api.call('listQueries', { signal }) : { queries: [] },
      ]);
      return jobsOf(exported.exports, searched.queries, subject, Date.now());
    },
    [api, role, subject],
  );
  const { answer, again } = answered;
  const running = answer?.some(isRunning) ?? false;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [running, again]);
  return answered;
}
