/** The same statements in the local Athena, over segments in the local S3. */
import { setTimeout as pause } from 'node:timers/promises';
import { AthenaQueries } from '../../../adapters/athena/queries.ts';
import { ResultObjects } from '../../../adapters/athena/results.ts';
import type { Question } from '../../../lib/constructs/questions.ts';
import { withParameters } from '../../../local/athena/parameters.ts';
import {
  archiveInto,
  archiveRowsOf,
  DATABASE,
  RESULTS_BUCKET,
  type RunningAthena,
  startAthena,
  WORK_GROUP,
} from '../../support/athena.ts';
import { QUESTION_DRAFTS, QUESTION_PARAMETERS } from '../../support/question-entries.ts';
import type { Answer } from './answers.ts';

export const TENANT = 'asked';

export function literalsOf({ parameters }: Question): string[] {
  const values = [TENANT, '2026-03-01', '2026-03-31', ...parameters.map((name) => QUESTION_PARAMETERS[name]!)];
  return values.map((value) => `'${value.replaceAll("'", "''")}'`);
}

export class LocalAnswers {
  readonly #athena: RunningAthena;
  readonly #queries: AthenaQueries;
  #serial = 0;

  private constructor(athena: RunningAthena) {
    this.#athena = athena;
    const results = new ResultObjects(athena.s3(), RESULTS_BUCKET);
    this.#queries = new AthenaQueries(athena.client(), results, { workGroup: WORK_GROUP, database: DATABASE });
  }

  static async start(): Promise<LocalAnswers> {
    const athena = await startAthena();
    await archiveInto(athena.s3(), TENANT, 0, archiveRowsOf(TENANT, 0, QUESTION_DRAFTS));
    return new LocalAnswers(athena);
  }

  question(question: Question): Promise<Answer> {
    return this.run(withParameters(question.sql, literalsOf(question)));
  }

  async run(sql: string): Promise<Answer> {
    const id = await this.#queries.start(sql, `a-token-that-is-long-enough-for-athena-${this.#serial++}`);
    for (;;) {
      const { state, output, reason } = await this.#queries.status(id);
      if (state === 'failed' || state === 'cancelled' || state === 'exhausted') return `error: ${reason}`;
      if (state !== 'succeeded') {
        await pause(20);
        continue;
      }
      const rows: (string | null)[][] = [];
      for await (const { cells } of this.#queries.rows(output!, 0)) rows.push([...cells]);
      return rows;
    }
  }

  close(): Promise<void> {
    return this.#athena.close();
  }
}
