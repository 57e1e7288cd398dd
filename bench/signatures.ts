// Counts the signatures of a seal.
import { KMSClient } from '@aws-sdk/client-kms';
import { KmsSigner } from '../adapters/kms/signer.ts';
import type { KeySpec } from '../local/kms/keys.ts';
import { Sealing } from '../services/seal/context.ts';
import { planSeal } from '../services/seal/plan.ts';
import type { SealPorts, Signer } from '../services/seal/port.ts';
import { publishSeal } from '../services/seal/publish.ts';
import { sealShard } from '../services/seal/shard.ts';
import { type RunningEndpoint, startEndpoint } from '../test/support/aws-endpoint.ts';
import { ORIGIN } from '../test/support/log-signer.ts';
import { Deployment } from '../test/support/sealing.ts';

const TENANTS = [1, 10, 100];

/** Signatures that a design makes which signs every tenant's digest with both keys. */
const NAIVE_PER_TENANT = 2;

const ACCOUNT_DECIDES = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
  ],
};

export async function printSignatures(): Promise<void> {
  console.log('Signatures of a seal (measured: at the port, and as requests to the local KMS by the adapter)');
  console.log(
    '  tenants   at the port   Sign requests   GetPublicKey (once a process)   naive: both keys, each tenant',
  );
  const endpoint = await startEndpoint();
  try {
    for (const tenants of TENANTS) {
      const atPort = await countAtPort(tenants);
      const { Sign = 0, GetPublicKey = 0 } = await countAtKms(tenants, endpoint);
      console.log(
        `  ${String(tenants).padStart(7)} ${String(atPort).padStart(13)} ${String(Sign).padStart(15)} ` +
          `${String(GetPublicKey).padStart(31)} ${String(tenants * NAIVE_PER_TENANT).padStart(31)}`,
      );
    }
  } finally {
    await endpoint.close();
  }
}

async function deploymentOf(tenants: number): Promise<Deployment> {
  const deployment = new Deployment();
  for (let i = 0; i < tenants; i++) await deployment.record(`tenant-${i}#0`, deployment.some('payment'));
  return deployment;
}

async function countAtPort(tenants: number): Promise<number> {
  const deployment = await deploymentOf(tenants);
  await deployment.seal();
  return deployment.signer.signatures;
}

/** Requests as they leave the SDK, repeated ones included, by operation. */
async function countAtKms(tenants: number, endpoint: RunningEndpoint): Promise<Record<string, number>> {
  const client = new KMSClient(endpoint.clientConfig());
  const sent: Record<string, number> = {};
  client.middlewareStack.add(
    (next, context) => (args) => {
      const operation = String(context.commandName).replace(/Command$/, '');
      sent[operation] = (sent[operation] ?? 0) + 1;
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const signer = new KmsSigner(client, keysOf(endpoint), ORIGIN);
  const { ports } = await deploymentOf(tenants);
  await sealWith({ ...ports, keys: signer }, signer);
  client.destroy();
  return sent;
}

function keysOf({ keys }: RunningEndpoint) {
  const make = (spec: KeySpec) =>
    keys.arnOf(keys.ensure(spec, spec, { description: spec, rotation: false, policy: ACCOUNT_DECIDES }, Date.now()));
  return { ed25519: make('ECC_NIST_EDWARDS25519'), mlDsa44: make('ML_DSA_44') };
}

/** As the state machine runs a seal. */
async function sealWith(ports: SealPorts, signer: Signer): Promise<void> {
  const planned = await planSeal(new Sealing(ports));
  if ('nothing' in planned) throw new Error('there is nothing to seal');
  const { seal, plan, shards } = planned;
  const results = [];
  for (const shard of shards) {
    const request = { step: 'shard', seal, plan, shard, shards, chains: [], cursor: null } as const;
    const sharded = await sealShard(new Sealing(ports), request, () => Number.POSITIVE_INFINITY);
    if (!sharded.done) throw new Error(`shard ${shard} is not done`);
    results.push(sharded.result);
  }
  await publishSeal(new Sealing(ports), signer, { seal, plan, results });
}
