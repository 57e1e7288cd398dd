/** The operations of Athena's API that this machine has, each with the workgroup whose permission it needs. */
import { CallersS3 } from './caller.ts';
import type { NamedQuery } from './catalog.ts';
import { type Execution, hasEnded, outputName } from './execution.ts';
import type { Executions, Request } from './executions.ts';
import { type Input, invalid, onlyKnown, optionalText, section, text, texts, whole } from './input.ts';
import { withParameters } from './parameters.ts';
import { readPage } from './results.ts';
import type { Workshop } from './run.ts';

export interface AthenaContext {
  readonly executions: Executions;
  readonly shop: Workshop;
}

export interface Operation {
  /** Name of the workgroup. */
  readonly workGroups: (input: Input, athena: AthenaContext) => readonly string[];
  readonly run: (input: Input, athena: AthenaContext, accessKeyId: string) => Promise<unknown> | unknown;
}

const MOST_SQL = 262_144;
const PRIMARY = 'primary';
const CATALOG = 'AwsDataCatalog';
const LARGEST_PAGE = 50;

const named = (input: Input) => [optionalText(input, 'WorkGroup') ?? PRIMARY];
const executionOf = (input: Input, { executions }: AthenaContext) => executions.get(text(input, 'QueryExecutionId'));
const ofExecution = (input: Input, athena: AthenaContext) => [executionOf(input, athena).workGroup];
const queryOf = (input: Input, { shop }: AthenaContext): NamedQuery => {
  const id = text(input, 'NamedQueryId');
  const found = shop.catalog.namedQueries.get(id);
  if (found === undefined) throw invalid(`NamedQuery ${id} was not found`);
  return found;
};

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartQueryExecution: { workGroups: named, run: startQuery },
  GetQueryExecution: {
    workGroups: ofExecution,
    run: (input, athena) => ({ QueryExecution: view(executionOf(input, athena), athena) }),
  },
  BatchGetQueryExecution: {
    workGroups: (input, { executions }) =>
      texts(input, 'QueryExecutionIds').flatMap((id) => executions.find(id)?.workGroup ?? []),
    run: batchGet,
  },
  StopQueryExecution: {
    workGroups: ofExecution,
    run: async (input, athena) => {
      await athena.executions.stop(executionOf(input, athena).id);
      return {};
    },
  },
  GetQueryResults: { workGroups: ofExecution, run: getResults },
  ListQueryExecutions: {
    workGroups: named,
    run: (input, { executions }) => {
      const all = executions.ofWorkGroup(named(input)[0]!).map(({ id }) => id);
      return page(all, input, 'QueryExecutionIds');
    },
  },
  GetWorkGroup: { workGroups: (input) => [text(input, 'WorkGroup')], run: getWorkGroup },
  ListNamedQueries: {
    workGroups: named,
    run: (input, { shop }) => {
      const [workGroup] = named(input);
      const all = [...shop.catalog.namedQueries.values()].filter((query) => query.workGroup === workGroup);
      return page(
        all.map(({ id }) => id),
        input,
        'NamedQueryIds',
      );
    },
  },
  GetNamedQuery: {
    workGroups: (input, athena) => [queryOf(input, athena).workGroup],
    run: (input, athena) => {
      const { id, name, description, database, workGroup, sql } = queryOf(input, athena);
      const query = { NamedQueryId: id, Name: name, Description: description, QueryString: sql };
      return { NamedQuery: { ...query, Database: database, WorkGroup: workGroup } };
    },
  },
};

/** The workgroup's own settings are enforced, so where a caller wants its result is not asked. */
async function startQuery(input: Input, { executions, shop }: AthenaContext, accessKeyId: string): Promise<unknown> {
  onlyKnown(input, [
    ...['ClientRequestToken', 'ExecutionParameters', 'QueryExecutionContext', 'QueryString'],
    ...['ResultConfiguration', 'WorkGroup'],
  ]);
  const context = section(input, 'QueryExecutionContext');
  const catalog = optionalText(context, 'Catalog');
  if (catalog !== undefined && catalog !== CATALOG) throw invalid(`Catalog ${catalog} is not found`);
  const parameters = texts(input, 'ExecutionParameters');
  const token = optionalText(input, 'ClientRequestToken', 32, 128);
  const request: Request = {
    sql: withParameters(text(input, 'QueryString', 1, MOST_SQL), parameters),
    parameters,
    workGroup: shop.catalog.workGroup(named(input)[0]!).name,
    database: (optionalText(context, 'Database') ?? 'default').toLowerCase(),
    accessKeyId,
    ...(token === undefined ? {} : { token }),
  };
  return { QueryExecutionId: (await executions.start(request)).id };
}

function batchGet(input: Input, athena: AthenaContext): unknown {
  const ids = texts(input, 'QueryExecutionIds');
  if (ids.length < 1 || ids.length > LARGEST_PAGE) throw invalid(`got ${ids.length} ids, want 1 to ${LARGEST_PAGE}`);
  const found = ids.flatMap((id) => athena.executions.find(id) ?? []);
  const missing = ids.filter((id) => athena.executions.find(id) === undefined);
  return {
    QueryExecutions: found.map((execution) => view(execution, athena)),
    UnprocessedQueryExecutionIds: missing.map((id) => ({
      ...{ QueryExecutionId: id, ErrorCode: 'INVALID_INPUT', ErrorMessage: `QueryExecution ${id} was not found` },
    })),
  };
}

async function getResults(input: Input, athena: AthenaContext, accessKeyId: string): Promise<unknown> {
  const execution = executionOf(input, athena);
  if (execution.state !== 'SUCCEEDED') {
    const state = hasEnded(execution) ? `Query did not finish successfully. Final query state: ${execution.state}` : '';
    throw invalid(state || `Query has not yet finished. Current state: ${execution.state}`);
  }
  const { shop } = athena;
  const s3 = new CallersS3({ ...{ service: shop.s3.service, access: shop.access, region: shop.region }, accessKeyId });
  const [token, rows] = [optionalText(input, 'NextToken'), whole(input, 'MaxResults', 1, 1_000)];
  return readPage(execution, shop.catalog.workGroup(execution.workGroup), s3, { token, rows });
}

function getWorkGroup(input: Input, { shop }: AthenaContext): unknown {
  const { name, description, createdAt, cutoff, ...group } = shop.catalog.workGroup(text(input, 'WorkGroup'));
  const Configuration = {
    ResultConfiguration: { OutputLocation: `s3://${group.bucket}/${group.prefix}`, ...encryptionOf(group.kmsKey) },
    EnforceWorkGroupConfiguration: true,
    PublishCloudWatchMetricsEnabled: true,
    RequesterPaysEnabled: false,
    ...(cutoff === undefined ? {} : { BytesScannedCutoffPerQuery: cutoff }),
    EngineVersion: ENGINE,
  };
  const times = { CreationTime: createdAt / 1_000 };
  return { WorkGroup: { Name: name, Description: description, State: 'ENABLED', Configuration, ...times } };
}

const ENGINE = {
  SelectedEngineVersion: 'Athena engine version 3',
  EffectiveEngineVersion: 'Athena engine version 3',
};

const encryptionOf = (kmsKey: string | undefined) =>
  kmsKey === undefined ? {} : { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: kmsKey } };

function view(execution: Execution, { shop }: AthenaContext): unknown {
  const { id, sql, parameters, workGroup, database, state, reason, submittedAt, completedAt } = execution;
  const { bucket, prefix, kmsKey } = shop.catalog.workGroup(workGroup);
  const milliseconds = (completedAt ?? shop.now()) - submittedAt;
  return {
    ...{ QueryExecutionId: id, Query: sql, StatementType: 'DML', WorkGroup: workGroup, EngineVersion: ENGINE },
    ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters }),
    ResultConfiguration: {
      OutputLocation: `s3://${bucket}/${prefix}${outputName(execution)}`,
      ...encryptionOf(kmsKey),
    },
    QueryExecutionContext: { Database: database, Catalog: CATALOG.toLowerCase() },
    Status: {
      State: state,
      ...(reason === undefined ? {} : { StateChangeReason: reason }),
      SubmissionDateTime: submittedAt / 1_000,
      ...(completedAt === undefined ? {} : { CompletionDateTime: completedAt / 1_000 }),
    },
    Statistics: {
      DataScannedInBytes: execution.scannedBytes,
      TotalExecutionTimeInMillis: milliseconds,
      EngineExecutionTimeInMillis: milliseconds,
    },
  };
}

/** A token names the last one of the page before. */
function page(all: readonly string[], input: Input, member: string): Record<string, unknown> {
  const token = optionalText(input, 'NextToken');
  const from = token === undefined ? 0 : all.indexOf(token) + 1;
  if (token !== undefined && from === 0) throw invalid('Invalid NextToken');
  const shown = all.slice(from, from + (whole(input, 'MaxResults', 0, LARGEST_PAGE) || LARGEST_PAGE));
  const more = from + shown.length < all.length;
  return { [member]: shown, ...(more ? { NextToken: shown.at(-1) } : {}) };
}
