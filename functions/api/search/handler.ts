// The function search, wired from its environment.
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { DynamoJobStore } from '../../../adapters/dynamodb/job-store.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { METRICS } from '../../../names/metrics.ts';
import { SearchMemory } from '../../../services/search/memory.ts';
import { reportGaps } from '../../shared/archive-reading.ts';
import { requiredText } from '../../shared/environment.ts';
import { newId } from '../../shared/id.ts';
import { blockReader } from '../../shared/reader.ts';
import { openReadRecording } from '../../shared/recording.ts';
import { openSearch } from '../../shared/search.ts';
import { accessOf } from '../shared/access.ts';
import { http } from '../shared/http.ts';
import { searchProblem } from './problems.ts';
import { search } from './search.ts';
import { searches } from './searches.ts';

const { env } = process;
const now = () => new Date();
const jobs = new DynamoJobStore(dynamoClient(), requiredText(env, JOB_STORE.tableEnv));
const ports = { access: accessOf(env, now), recording: openReadRecording(env, now) };
const hot = openSearch(env, now);
const reading = search({
  ...{ ...ports, jobs, store: blockReader(env) },
  // Whoever asks for one page mostly asks for another; exports read everything once, and keep nothing.
  search: { ...hot, memory: new SearchMemory(hot.fetcher) },
  onGaps: reportGaps('search'),
});
const saving = searches({ ...ports, jobs, newId, now });

export const handler = http('search', (event) => (event.routeKey.includes('/v1/searches') ? saving : reading)(event), {
  describe: searchProblem,
  onProblem: ({ slug }) => {
    if (slug === 'not-intact' || slug === 'entry-lost') emitMetric(METRICS.tamperingDetected, 1);
  },
});
