// Publishes a seal: log, checkpoint, signatures.
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { openCheckpoint } from '../../core/checkpoint/open.ts';
import { equalBytes, toHex } from '../../core/crypto.ts';
import type { Plan } from '../../core/documents/plan.ts';
import { formatNote } from '../../core/note/note.ts';
import { MAX_NOTE_BYTES } from '../../core/note/text.ts';
import { checkpointKey } from '../../names/log.ts';
import { type LogPorts, openNote, openSeal } from '../log/published.ts';
import type { TreeHead } from '../log/tiles.ts';
import { genuineAt } from '../log/versions.ts';
import { ObjectContention, WRITE_ATTEMPTS } from '../object-lock/put-locked.ts';
import { CONTENT, type Sealing } from './context.ts';
import { type Gathered, gatherResults, readDigests } from './gather.ts';
import { extendLog } from './log.ts';
import { openPlan, SealConflict } from './opened.ts';
import type { PublishPorts, Signer } from './port.ts';
import type { Published, PublishRequest } from './steps.ts';

/** Short chains that the answer names. */
const SPELLED = 20;

/**
 * Makes a seal public: takes its digests into the log, and signs the log's new head. Two signatures a seal, however many
 * tenants there are, and none when an earlier attempt has signed: its checkpoint is then the seal's.
 */
export async function publishSeal(
  sealing: Sealing<PublishPorts>,
  signer: Signer,
  request: PublishRequest,
): Promise<Published> {
  const ports = await sealing.log();
  const gathered = await gatherResults(sealing, request.results);
  const published = await openSeal(request.seal, ports);
  if (published !== undefined) {
    const { sealedAt } = published.last.digest;
    // Back on top, if somebody covered it.
    await sealing.keep(checkpointKey(request.seal), published.note, CONTENT.note, sealedAt);
    return answer(request.seal, published.checkpoint, sealedAt, published.note, gathered);
  }
  const { plan, log } = await openPlan(sealing, request);
  const planned = { plan, planHash: request.plan.sha256 };
  const digests = await readDigests(sealing, gathered.digests, planned, log);
  const head = await extendLog(sealing, plan, log, digests);
  const note = await keepCheckpoint(sealing, signer, plan, head, ports);
  return answer(plan.seal, head, plan.sealedAt, note, gathered);
}

/** The state machine passes it on, and there is a limit to that. */
function answer(
  seal: number,
  { size, root }: TreeHead,
  sealedAt: string,
  note: Uint8Array,
  { short }: Gathered,
): Published {
  return {
    ...{ seal, size, root: toHex(root), sealedAt, checkpoint: new TextDecoder().decode(note) },
    ...(short.length === 0 ? {} : { short: short.slice(0, SPELLED), shortChains: short.length }),
  };
}

/**
 * The note under the seal's key. Whatever is there and is not this head, signed by both keys, is kept as evidence and put
 * over. Whoever finds one that is keeps to it.
 */
async function keepCheckpoint(
  sealing: Sealing<PublishPorts>,
  signer: Signer,
  plan: Plan,
  head: TreeHead,
  ports: LogPorts,
): Promise<Uint8Array> {
  const { store } = sealing.ports;
  const key = checkpointKey(plan.seal);
  let signed: Uint8Array | undefined;
  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    const current = await store.current(key);
    const there = await genuineAt(store, key, MAX_NOTE_BYTES, (note) => (isOf(note, head, ports) ? note : undefined));
    if (there !== undefined) {
      await sealing.keep(key, there, CONTENT.note, plan.sealedAt);
      return there;
    }
    signed ??= await sign(sealing, signer, plan, head, ports);
    if (current !== undefined) await sealing.onForeign(key, current);
    const object = sealing.locked(signed, CONTENT.note, plan.sealedAt);
    const version =
      current === undefined ? await store.create(key, object) : await store.replace(key, current.etag, object);
    if (version !== undefined) return signed;
  }
  throw new ObjectContention(key);
}

/** Another head of the same size would be a fork of the log, and ends everything. */
function isOf(note: Uint8Array, { size, root }: TreeHead, { policy }: LogPorts): boolean {
  const checkpoint = openNote(note, policy);
  if (checkpoint?.size !== size) return false;
  if (equalBytes(checkpoint.root, root)) return true;
  throw new SealConflict(`got a signed checkpoint of ${size} leaves with another root than ${toHex(root)}`);
}

async function sign(
  { ports: { origin } }: Sealing<PublishPorts>,
  signer: Signer,
  { sealedAt }: Plan,
  { size, root }: TreeHead,
  ports: LogPorts,
): Promise<Uint8Array> {
  const text = formatCheckpoint({ origin, size, root, extensions: [] });
  const signatures = await signer.sign(text, Math.floor(Date.parse(sealedAt) / 1_000));
  const note = formatNote({ text, signatures });
  openCheckpoint(note, ports.policy);
  return note;
}
