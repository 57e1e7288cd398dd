/**
 * Counts of one tenant's entries of thirty days by time, beside counting what a search finds:
 * `node bench/histogram.ts [entries] [entries in a block]`. A million entries in blocks of a hundred without numbers; 100,000 take a
 * minute or two.
 */
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { DynamoBlockFetcher } from '../adapters/dynamodb/block-fetcher.ts';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoPostings } from '../adapters/dynamodb/index.ts';
import { zstd } from '../adapters/zstd.ts';
import { filterOf } from '../core/access/policy.ts';
import { boundariesOf, type Interval } from '../core/histogram/slots.ts';
import { Zone } from '../core/histogram/zone.ts';
import { and, type Query } from '../core/query/ast.ts';
import { parseQuery } from '../core/query/parse.ts';
import { FACETS, type Facet } from '../names/index.ts';
import { DAY_MS } from '../names/time.ts';
import { countEntries } from '../services/histogram/count.ts';
import type { HistogramPorts } from '../services/histogram/port.ts';
import { configurationOf } from '../services/index/configuration.ts';
import { Chains } from '../services/search/chains.ts';
import { Gaps } from '../services/search/gaps.ts';
import { SearchMemory } from '../services/search/memory.ts';
import { NO_RECOVERY } from '../services/search/port.ts';
import { searchHot } from '../services/search/search.ts';
import { KEEPS_ALL } from '../test/support/searching.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { type GoalName, noteFigure } from './goals.ts';
import { createTables, HOT_WINDOW_MS, index, START, type Tables, VALUES, Writer } from './search-world.ts';

const DAYS = 30;
const BATCH = 100;
const TENANT = 'acme';
/** Without targets, of which nothing is asked here and which are most of the index. */
const FEW: readonly Facet[] = ['actor', 'action', 'category', 'severity'];
const ROUNDS = 20;
/** That many entries are not indexed yet. */
const TAIL = 2_000;
/** The rival takes minutes of a million entries: it is asked once, and of some questions not at all. */
const BUDGET_MS = 60_000;

interface Question {
  readonly name: string;
  readonly q: (round: number) => string;
  readonly interval: Interval;
  readonly zone?: string;
  /** Of how many days, the newest; all unless said. */
  readonly days?: number;
  /** As the only reviewer is shown it: without what it did itself. */
  readonly isReviewer?: true;
  readonly rival?: true;
  readonly goal?: GoalName;
}

const QUESTIONS: readonly Question[] = [
  { name: 'everything, days', goal: 'histogram', q: () => '', interval: 'P1D', rival: true },
  { name: 'everything, hours', q: () => '', interval: 'PT1H' },
  { name: 'everything, days of India', q: () => '', interval: 'P1D', zone: 'Asia/Kolkata' },
  { name: 'everything, the only reviewer', q: () => '', interval: 'P1D', isReviewer: true },
  { name: 'severity and category', q: () => 'severity:>=high NOT category:debug', interval: 'P1D' },
  { name: 'an actor', q: (i) => `actor.id:user-${i}`, interval: 'P1D', rival: true },
  { name: 'not an actor', q: (i) => `NOT actor.id:user-${i}`, interval: 'P1D' },
  { name: 'two facets', q: (i) => `actor.id:user-${i} AND action:record.verb${i % VALUES.actions}`, interval: 'P1D' },
  { name: 'everything of a day, 5 minutes', q: () => '', interval: 'PT5M', days: 1 },
  { name: 'free text of a day', q: (i) => `"Record ${(i * 37).toString(16)}"`, interval: 'PT1H', days: 1, rival: true },
];

interface World {
  readonly client: ReturnType<typeof dynamoClient>;
  readonly tables: Tables;
  /** Those that are indexed. */
  readonly facets: readonly Facet[];
  /** The tenant's clock. */
  readonly now: () => number;
}

async function benchHistogram(): Promise<void> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient();
  try {
    const entries = Number(argv[2] ?? 1_000_000);
    const tables = await createTables(client);
    const perSecond = entries / (DAYS * 86_400);
    const writer = new Writer(TENANT, tables.ledgerTable, { batch: Number(argv[3] ?? BATCH), perSecond, chains: 1 });
    await writer.append(client, entries - TAIL);
    await index(client, tables, writer, { facets: FEW });
    await writer.append(client, TAIL);
    console.log(`Of ${entries} entries of one tenant in ${DAYS} days, ${TAIL} are not indexed`);
    await histograms({ client, tables, facets: FEW, now: () => writer.now });
  } finally {
    client.destroy();
    await dynamo.stop();
  }
}

/** Counts everything that there is of the tenant, and parts of it. */
export async function histograms(world: World): Promise<void> {
  console.log('Histograms, by severity');
  console.log(`  ${''.padEnd(40)} p50 ms   p95 ms   cpu ms   counted  of them read`);
  const ports = portsOver(world);
  for (const question of QUESTIONS) {
    await measured(question, ports, world.now());
    if (question.rival === true) await rival(question, ports, world.now());
  }
}

function portsOver({ client, tables, facets, now: clock }: World): HistogramPorts {
  const begun = performance.now();
  const now = () => clock() + performance.now() - begun;
  const postings = new DynamoPostings(client, { ...tables, configuration: configurationOf(facets) });
  const fetcher = new DynamoBlockFetcher(client, tables);
  return {
    ...{ index: postings, tallies: postings, fetcher, compression: zstd, hotWindowMs: HOT_WINDOW_MS, now },
    ...{ recovery: NO_RECOVERY, keeping: KEEPS_ALL, passed: async () => [] },
    ...{ chains: new Chains(postings, fetcher, now), memory: new SearchMemory(fetcher) },
    facets: Object.fromEntries(facets.map((facet) => [facet, FACETS[facet]])),
  };
}

function askedOf({ q, interval, zone = 'UTC', days, isReviewer }: Question, round: number, now: number) {
  const period = { from: days === undefined ? START : now - days * DAY_MS, to: Math.floor(now) + 1_000 };
  const own = filterOf('compliance', { subject: 'user-1', cases: [], reviewers: [] });
  const query: Query = and(parseQuery(q(round)), ...(isReviewer === true ? [own] : []));
  return { tenant: TENANT, query, boundaries: boundariesOf(period, interval, new Zone(zone)), by: 'severity' as const };
}

async function measured(question: Question, ports: HistogramPorts, now: number): Promise<void> {
  const times: number[] = [];
  let [cpu, counted, read] = [0, 0, 0];
  for (let round = -2; round < ROUNDS; round++) {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    const asked = askedOf(question, Math.max(0, round), now);
    const { byIndex, byLedger, uncounted } = await countEntries(ports, { ...asked, budgetMs: BUDGET_MS });
    if (uncounted.length > 0) throw new Error('the time was up');
    if (round < 0) continue;
    const { user, system } = process.cpuUsage(before);
    times.push(performance.now() - begun);
    cpu += (user + system) / 1_000;
    counted += byIndex + byLedger;
    read += byLedger;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  if (question.goal !== undefined) noteFigure(question.goal, 'now', at(0.95));
  print(question.name, [at(0.5), at(0.95), cpu / ROUNDS], counted / ROUNDS, read / ROUNDS);
}

/** What a client without the route does, who has all pages in one: looks at every entry that a search finds. */
async function rival(question: Question, ports: HistogramPorts, now: number): Promise<void> {
  const { tenant, query, boundaries } = askedOf(question, 0, now);
  const period = { from: boundaries[0]!, to: boundaries.at(-1)! };
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const counts = new Map<string, number>();
  for await (const { recordedAt, entry } of searchHot(
    ports,
    { tenant, query, period, order: 'desc' },
    new Gaps(tenant),
  )) {
    const slot = boundaries.findLastIndex((time) => time <= recordedAt);
    counts.set(`${slot} ${entry.severity}`, (counts.get(`${slot} ${entry.severity}`) ?? 0) + 1);
  }
  const { user, system } = process.cpuUsage(before);
  const took = performance.now() - begun;
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (question.goal !== undefined) noteFigure(question.goal, 'before', took);
  print('  by searching, once', [took, took, (user + system) / 1_000], counted, counted);
}

function print(name: string, figures: readonly number[], counted: number, read: number): void {
  const numbers = [...figures.map((value) => value.toFixed(1)), counted.toFixed(0), read.toFixed(0)];
  console.log(`  ${name.padEnd(38)}${numbers.map((one) => one.padStart(9)).join('')}`);
}

if (fileURLToPath(import.meta.url) === argv[1]) await benchHistogram();
