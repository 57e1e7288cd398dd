// What each function's role may do.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { FUNCTION_COUNT, resources, type Synthesized, synthesize } from './support.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Output {
  readonly Value: unknown;
  readonly Export: { readonly Name: string };
}

let synthesized: Synthesized;
beforeAll(() => {
  synthesized = synthesize();
});

const FUNCTIONS = [
  ...(['Ingest', 'Read', 'Health', 'OpenApi', 'Site', 'Observe', 'Archive', 'Relay'] as const),
  ...(['Index', 'Reindex'] as const),
  ...(['Queries', 'Query', 'Search', 'Exports', 'Export', 'Bundles', 'Bundle', 'CatalogApi'] as const),
  ...(['Seal', 'Publish', 'Verify', 'Expire', 'Sweep', 'LogReader', 'Evidence', 'Verifications', 'Holds'] as const),
];

function statementsOf(name: string): Statement[] {
  return resources(synthesized.appTemplate, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(`${name}Role`))
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

function environmentOf(name: string): Record<string, unknown> {
  const [found] = resources(synthesized.appTemplate, 'AWS::Lambda::Function').filter(([id]) =>
    id.startsWith(`${name}Function`),
  );
  return found?.[1].Properties.Environment?.Variables ?? {};
}

/** The logical ids that a value points at, through exports too. */
function targets(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(targets);
  if (typeof value !== 'object' || value === null) return [];
  const [[key, inner] = []] = Object.entries(value);
  if (key === 'Ref') return String(inner).startsWith('AWS::') ? [] : [String(inner)];
  if (key === 'Fn::GetAtt') return [String((inner as string[])[0])];
  if (key === 'Fn::ImportValue') {
    const { dataTemplate, readingTemplate } = synthesized;
    const outputs = [dataTemplate, readingTemplate].map((template) => template.toJSON().Outputs ?? {});
    const exported = outputs.flatMap((of) => Object.values(of as Record<string, Output>));
    return targets(exported.find(({ Export }) => Export.Name === inner)?.Value);
  }
  return Object.values(value).flatMap(targets);
}

const actions = ({ Action }: Statement) => [Action].flat();
const logical = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
const permitted = (name: string) =>
  statementsOf(name)
    .flatMap((statement) =>
      actions(statement).map(
        (action) => `${[...new Set(targets(statement.Resource).map(logical))].join(' ') || '*'} ${action}`,
      ),
    )
    .toSorted();

const LOGS = (name: string) => [`${name}Log logs:CreateLogStream`, `${name}Log logs:PutLogEvents`];
const TRACES = ['* xray:PutTelemetryRecords', '* xray:PutTraceSegments'];
const KMS_READ = ['LedgerEncryptionKey kms:Decrypt', 'LedgerEncryptionKey kms:DescribeKey'];
const KMS_WRITE = [
  ...KMS_READ,
  ...['Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'].map(
    (action) => `LedgerEncryptionKey kms:${action}`,
  ),
];
const DATA_KEY = (key: string) => [`${key} kms:Decrypt`, `${key} kms:GenerateDataKey`];
const APPEND = [
  ...['PutItem', 'Query'].map((action) => `LedgerBlocks dynamodb:${action}`),
  'LedgerRequests dynamodb:PutItem',
  'LedgerChains dynamodb:GetItem',
];
const INDEX_WRITE = [
  ...['BatchWriteItem', 'GetItem', 'PutItem'].map((action) => `IndexRows dynamodb:${action}`),
  ...KMS_WRITE.map((use) => use.replace('Ledger', 'Index')),
];
const STREAM = [
  '* dynamodb:ListStreams',
  ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => `LedgerBlocks dynamodb:${action}`),
];

const OBJECTS = (...actions: string[]) => [
  ...['GetObject', 'GetObjectRetention', 'GetObjectVersion', 'ListBucket', 'ListBucketVersions', ...actions].map(
    (action) => `ArchiveBucket s3:${action}`,
  ),
];
const PUT = ['PutObject', 'PutObjectRetention'];
const HOLD = ['GetObjectLegalHold', 'PutObjectLegalHold'];
const OBJECTS_WRITTEN = (...actions: string[]) => OBJECTS(...PUT, ...actions);
const ITEMS = (...more: string[]) => ['GetItem', 'PutItem', ...more].map((action) => `DeskItems dynamodb:${action}`);
/** Two keys that are used in the same way are one statement. */
const BOTH_KEYS = KMS_WRITE.map((use) => use.replace('LedgerEncryptionKey', 'LedgerEncryptionKey DeskEncryptionKey'));
const INDEX_READ = ['IndexRows dynamodb:Query', ...KMS_READ.map((use) => use.replace('Ledger', 'Index'))];
/** Queries of the archive, whose results Athena keeps in the function's name. */
const ATHENA = [
  ...['GetQueryExecution', 'StartQueryExecution', 'StopQueryExecution'].map(
    (action) => `CatalogWorkGroup athena:${action}`,
  ),
  ...['GetDatabase', 'GetPartitions', 'GetTable'].map((action) => `CatalogDatabase glue:${action}`),
  ...['AbortMultipartUpload', 'GetBucketLocation', 'GetObject', 'ListBucket', 'ListBucketMultipartUploads'].map(
    (action) => `DeskResults s3:${action}`,
  ),
  ...['ListMultipartUploadParts', 'PutObject'].map((action) => `DeskResults s3:${action}`),
];
const KEYS = (action: string) => [`SigningEd25519 SigningMlDsa44 kms:${action}`];

test('every function is looked at', () => {
  expect(FUNCTIONS).toHaveLength(FUNCTION_COUNT);
});

describe('each role may do exactly this', () => {
  test.each([
    ['Ingest', [...APPEND, ...KMS_WRITE]],
    ['Observe', [...APPEND, ...KMS_WRITE, ...DATA_KEY('EncryptionKey'), 'ObservationUnrecorded sqs:SendMessage']],
    ['Read', [...APPEND, ...KMS_WRITE, ...OBJECTS(), ...KEYS('GetPublicKey')]],
    ['Health', []],
    ['OpenApi', []],
    ['Site', []],
    [
      'Archive',
      [
        // What it finds of tampering is recorded in the trail concerned.
        ...APPEND,
        ...['GetItem', 'PutItem'].map((action) => `LedgerChains dynamodb:${action}`),
        ...STREAM,
        ...KMS_WRITE,
        ...OBJECTS_WRITTEN(...HOLD),
        ...DATA_KEY('EncryptionKey'),
        'ArchivingDiscarded sqs:SendMessage',
      ],
    ],
    [
      'Relay',
      [
        ...STREAM,
        ...KMS_READ,
        ...DATA_KEY('EncryptionKey'),
        'EntriesTopic sns:Publish',
        'RelayingDiscarded sqs:SendMessage',
      ],
    ],
    [
      'Index',
      [
        'LedgerBlocks dynamodb:Query',
        ...KMS_READ,
        ...INDEX_WRITE,
        ...['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
          (action) => `EntriesIndexQueue sqs:${action}`,
        ),
        'EncryptionKey kms:Decrypt',
      ],
    ],
    [
      'Reindex',
      [
        'LedgerBlocks dynamodb:Query',
        ...['GetItem', 'Scan'].map((action) => `LedgerChains dynamodb:${action}`),
        ...KMS_READ,
        ...INDEX_WRITE,
      ],
    ],
    [
      'Seal',
      [
        // It tells of a chain that it could not seal. What the row of a chain says, only the archive writes.
        ...APPEND,
        'LedgerChains dynamodb:Scan',
        ...KMS_WRITE,
        ...OBJECTS_WRITTEN(...HOLD),
        ...KEYS('GetPublicKey'),
      ],
    ],
    ['Publish', [...OBJECTS_WRITTEN(), ...KEYS('GetPublicKey'), ...KEYS('Sign')]],
    [
      'Verify',
      [
        ...APPEND,
        ...KMS_WRITE,
        ...OBJECTS_WRITTEN(),
        ...KEYS('GetPublicKey'),
        ...DATA_KEY('EncryptionKey'),
        'AlarmsTopic sns:Publish',
      ],
    ],
    [
      'Expire',
      [
        ...APPEND,
        ...KMS_WRITE,
        ...OBJECTS_WRITTEN('DeleteObjectVersion', 'GetObjectLegalHold'),
        ...KEYS('GetPublicKey'),
        'WorkflowsHoldMachine states:StartExecution',
      ],
    ],
    ['Sweep', OBJECTS(...HOLD)],
    ['LogReader', [...OBJECTS(), ...KEYS('GetPublicKey')]],
    ['Evidence', [...APPEND, ...KMS_WRITE, ...OBJECTS(), ...KEYS('GetPublicKey')]],
    ['Verifications', OBJECTS()],
    ['Holds', [...APPEND, ...KMS_WRITE, ...OBJECTS_WRITTEN(), 'WorkflowsHoldMachine states:StartExecution']],
    [
      'Queries',
      [
        ...APPEND,
        ...BOTH_KEYS,
        ...ITEMS('Query'),
        'DeskEncryptionKey kms:Decrypt',
        ...OBJECTS().filter((use) => !use.includes('kms:')),
        ...['GetObject', 'ListBucket'].map((action) => `DeskResults s3:${action}`),
        'WorkflowsQueryMachine states:StartExecution',
      ],
    ],
    [
      'Search',
      [
        ...APPEND,
        'LedgerBlocks dynamodb:BatchGetItem',
        ...INDEX_READ,
        ...BOTH_KEYS,
        ...ITEMS('Query', 'DeleteItem'),
        ...OBJECTS(),
        ...KEYS('GetPublicKey'),
      ],
    ],
    [
      'Query',
      [
        ...ITEMS(),
        ...KMS_WRITE.map((use) => use.replace('Ledger', 'Desk')),
        ...ATHENA,
        ...['GetBucketLocation', 'GetObject', 'ListBucket'].map((action) => `ArchiveBucket s3:${action}`),
      ],
    ],
    [
      'Exports',
      [
        ...APPEND,
        'LedgerBlocks dynamodb:BatchGetItem',
        ...INDEX_READ,
        ...BOTH_KEYS,
        ...ITEMS('Query'),
        'DeskEncryptionKey kms:Decrypt',
        ...['GetObject', 'ListBucket'].map((action) => `DeskResults s3:${action}`),
        ...OBJECTS(),
        ...KEYS('GetPublicKey'),
        'WorkflowsExportMachine states:StartExecution',
      ],
    ],
    [
      'Export',
      [
        ...['BatchGetItem', 'Query'].map((action) => `LedgerBlocks dynamodb:${action}`),
        'IndexRows dynamodb:Query',
        ...KMS_READ.map((use) => use.replace('LedgerEncryptionKey', 'LedgerEncryptionKey IndexEncryptionKey')),
        ...ITEMS(),
        ...KMS_WRITE.map((use) => use.replace('Ledger', 'Desk')),
        ...OBJECTS('GetBucketLocation'),
        ...ATHENA,
        ...KEYS('GetPublicKey'),
      ],
    ],
    [
      'Bundles',
      [
        ...APPEND,
        ...BOTH_KEYS,
        ...ITEMS('Query'),
        'DeskEncryptionKey kms:Decrypt',
        ...['GetObject', 'ListBucket'].map((action) => `DeskResults s3:${action}`),
        ...OBJECTS(),
        ...KEYS('GetPublicKey'),
        'WorkflowsBundleMachine states:StartExecution',
      ],
    ],
    [
      'Bundle',
      [
        ...ITEMS(),
        ...KMS_WRITE.map((use) => use.replace('Ledger', 'Desk')),
        ...DATA_KEY('DeskEncryptionKey'),
        ...['AbortMultipartUpload', 'GetObject', 'ListBucket', 'PutObject'].map((action) => `DeskResults s3:${action}`),
        ...OBJECTS(),
        ...KEYS('GetPublicKey'),
      ],
    ],
    ['CatalogApi', []],
  ])('%s', (name, expected) => {
    const allowed = [...new Set([...LOGS(name), ...TRACES, ...expected])].toSorted();
    expect([...new Set(permitted(name))]).toEqual(allowed);
  });

  test('with no wildcard in an action, and every key by way of one service', () => {
    for (const name of FUNCTIONS) {
      for (const statement of statementsOf(name)) {
        expect(actions(statement).join()).not.toContain('*');
        const uses = actions(statement).filter((action) => action.startsWith('kms:'));
        if (uses.every((action) => ['kms:GetPublicKey', 'kms:Sign'].includes(action))) continue;
        expect(statement.Condition).toEqual({ StringEquals: { 'kms:ViaService': expect.anything() } });
      }
    }
  });
});

describe('permission and environment come together', () => {
  /** Resources that a function finds in its event or that Lambda uses for it. */
  const UNNAMED = /Log$|Key$|Discarded$|Unrecorded$/;
  /** What a function tells browsers of and never calls: where people sign in. */
  const SAID = /^IdentityUserPool(?:Client|Domain)?$/;
  const stream = (statement: Statement) =>
    actions(statement).some((action) => /Stream|GetRecords|GetShardIterator/.test(action));

  test.each(FUNCTIONS)('%s', (name) => {
    const references = Object.values(environmentOf(name)).flatMap(targets);
    const named = new Set(
      references
        .filter((id) => !id.startsWith('AWS::'))
        .map(logical)
        .filter((id) => !SAID.test(id)),
    );
    const granted = new Set(
      statementsOf(name)
        .filter((statement) => !stream(statement))
        .flatMap(({ Resource }) => targets(Resource).map(logical))
        .filter((id) => !UNNAMED.test(id)),
    );
    expect(granted).toEqual(named);
  });

  test('and say what the configuration says', () => {
    expect(environmentOf('Ingest')).toMatchObject({
      HOT_WINDOW_SECONDS: '7776000',
      STRICT_CATALOG: 'false',
      LIMITS: '{}',
      REDACTION: '{"packs":[],"patterns":[],"pointers":[]}',
    });
    synthesized = synthesize({
      hotWindow: 'P2D',
      strictCatalog: true,
      limits: { batchEntries: 10 },
      sourceTenants: { 'app.shop': 'acme' },
      retention: { payment: 'P10Y' },
    });
    expect(environmentOf('Ingest')).toMatchObject({
      HOT_WINDOW_SECONDS: '172800',
      STRICT_CATALOG: 'true',
      LIMITS: '{"batchEntries":10}',
    });
    expect(environmentOf('Observe')).toMatchObject({ SYSTEM_TENANT: 'system', SOURCE_TENANTS: '{"app.shop":"acme"}' });
    expect(environmentOf('Archive')).toMatchObject({ RETENTION: '{"payment":"P10Y"}' });
  });
});
