/** AWS::Glue::Database, AWS::Glue::Table, AWS::Athena::WorkGroup, AWS::Athena::NamedQuery. */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { iamOf } from '../aws/iam/service.ts';
import { localS3, S3_SERVICE } from '../s3/provisioners.ts';
import { flag, object, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import { type Properties, type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { Catalog, type WorkGroup } from './catalog.ts';
import { Engine } from './engine.ts';
import { Executions } from './executions.ts';
import { athenaService } from './service.ts';
import { ExecutionStore } from './store.ts';
import { readTable } from './table.ts';

const ATHENA = serviceKey<Promise<Catalog>>('Athena');

/** AWS's own bound. */
const LEAST_CUTOFF = 10_000_000;

const database: Provisioner = {
  kind: 'AWS::Glue::Database',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['CatalogId', 'DatabaseInput']);
    const input = object(properties, 'DatabaseInput');
    onlyKnown(input, ['Name'], 'DatabaseInput.');
    const name = string(input, 'Name');
    if (name !== name.toLowerCase()) throw new Error('DatabaseInput.Name must be in lower case');
    (await localAthena(context)).databases.add(name);
    return { ref: name, attributes: {} };
  },
};

const table: Provisioner = {
  kind: 'AWS::Glue::Table',
  provision: async (_logicalId, properties, context) => {
    const catalog = await localAthena(context);
    const found = readTable(properties);
    if (!catalog.databases.has(found.database)) throw new Error(`DatabaseName ${found.database} is no database`);
    catalog.addTable(found);
    return { ref: found.name, attributes: {} };
  },
};

const workGroup: Provisioner = {
  kind: 'AWS::Athena::WorkGroup',
  provision: async (_logicalId, properties, context) => {
    // What deleting the workgroup would take with it; nothing is deleted here.
    onlyKnown(properties, ['Name', 'RecursiveDeleteOption', 'State', 'WorkGroupConfiguration']);
    const group = readWorkGroup(properties, context.clock.now());
    (await localAthena(context)).workGroups.set(group.name, group);
    return { ref: group.name, attributes: { CreationTime: String(group.createdAt / 1_000) } };
  },
};

const namedQuery: Provisioner = {
  kind: 'AWS::Athena::NamedQuery',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['Database', 'Name', 'QueryString', 'WorkGroup']);
    const place = `${context.resource.stack}/${logicalId}`;
    const hex = createHash('sha256').update(place).digest('hex');
    const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
    (await localAthena(context)).namedQueries.set(id, {
      id,
      name: optionalString(properties, 'Name') ?? context.physicalName({ maxLength: 128 }),
      description: optionalString(properties, 'Description') ?? '',
      database: string(properties, 'Database'),
      workGroup: optionalString(properties, 'WorkGroup') ?? 'primary',
      sql: string(properties, 'QueryString'),
    });
    return { ref: id, attributes: { NamedQueryId: id } };
  },
};

export const athenaProvisioners: readonly Provisioner[] = [database, table, workGroup, namedQuery];

function readWorkGroup(properties: Properties, createdAt: number): WorkGroup {
  const configuration = object(properties, 'WorkGroupConfiguration');
  onlyKnown(
    configuration,
    [
      ...['BytesScannedCutoffPerQuery', 'EnforceWorkGroupConfiguration', 'EngineVersion'],
      ...['PublishCloudWatchMetricsEnabled', 'RequesterPaysEnabled', 'ResultConfiguration'],
    ],
    'WorkGroupConfiguration.',
  );
  if (!flag(configuration, 'EnforceWorkGroupConfiguration')) {
    throw new Error('WorkGroupConfiguration.EnforceWorkGroupConfiguration must be true here');
  }
  if (flag(configuration, 'RequesterPaysEnabled')) throw new Error('RequesterPaysEnabled does not run here');
  const cutoff = optionalNumber(configuration, 'BytesScannedCutoffPerQuery');
  if (cutoff !== undefined && cutoff < LEAST_CUTOFF) {
    throw new Error(`BytesScannedCutoffPerQuery must be at least ${LEAST_CUTOFF}`);
  }
  const result = object(configuration, 'ResultConfiguration');
  onlyKnown(result, ['EncryptionConfiguration', 'OutputLocation'], 'ResultConfiguration.');
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*\/)$/.exec(string(result, 'OutputLocation')) ?? [];
  if (bucket === undefined || prefix === undefined) throw new Error('OutputLocation must be s3://bucket/…/');
  return {
    name: string(properties, 'Name'),
    description: optionalString(properties, 'Description') ?? '',
    ...{ createdAt, bucket, prefix, cutoff, kmsKey: keyOf(object(result, 'EncryptionConfiguration')) },
  };
}

function keyOf(encryption: Properties): string | undefined {
  const option = optionalString(encryption, 'EncryptionOption');
  if (option === 'SSE_KMS') return string(encryption, 'KmsKey');
  if (option === undefined || option === 'SSE_S3') return undefined;
  throw new Error(`EncryptionOption ${option} does not run here`);
}

/** Opened when first asked for. */
function localAthena(context: RuntimeContext): Promise<Catalog> {
  if (!context.has(ATHENA)) context.provide(ATHENA, open(context));
  return context.service(ATHENA);
}

async function open(context: RuntimeContext): Promise<Catalog> {
  const directory = join(context.dataDir, 'athena');
  const scratch = join(directory, 'running');
  // What a crash left of queries' folders; the queries begin again.
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const [catalog, engine, store] = [new Catalog(), new Engine(), await localS3(context)];
  const { region, account, clock } = context;
  const shop = {
    ...{ engine, catalog, region, account, access: iamOf(context), directory: scratch },
    ...{ s3: { store, service: context.service(S3_SERVICE) }, now: () => clock.now() },
  };
  const executions = new Executions(context, await ExecutionStore.open(join(directory, 'executions.ndjson')), shop);
  context.serve(athenaService({ executions, shop }));
  context.onStart(() => executions.resume());
  context.onStop('sources', () => executions.suspend());
  context.onStop('services', async () => {
    await engine.close();
    await executions.close();
  });
  return catalog;
}
