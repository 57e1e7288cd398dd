/** Verifies what was handed to the page as the command does, and says what the command says. */
import { exportText } from '../../cli/verify/export-report.ts';
import { verifyExportFiles } from '../../cli/verify/exported.ts';
import { isDocument, kindIn } from '../../cli/verify/kind.ts';
import { parseProof, proofText, verifyProof } from '../../cli/verify/proof.ts';
import { reportJson, reportText } from '../../cli/verify/report.ts';
import { asBundle, type Container } from '../../core/bundle/container.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { parseKeys } from '../../core/bundle/keys.ts';
import { verifyContainer } from '../../core/bundle/verify.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { ENTRY_PROOF } from '../../core/proof/document.ts';
import { visible } from '../../core/visible.ts';
import { DEFAULT_LIMITS } from '../../core/zip/limits.ts';
import { TEXT_FORMATS } from '../text-formats.ts';
import { archiveIn, bytesOf, folderOf, wholeOf } from './files.ts';
import type { Outcome, Progress, Task } from './protocol.ts';

/** More than any file of keys, any checkpoint and any entry. */
const MAX_BYTES = 64 * 1024;

type Tell = (progress: Progress) => void;

/** The outcome; throws only for a defect. */
export async function verifyTask(task: Task, tell: Tell): Promise<Outcome> {
  try {
    return await verified(task, tell);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', text: `${visible(error.message)}\n` };
  }
}

async function verified(task: Task, tell: Tell): Promise<Outcome> {
  const keys =
    task.keys && (await usable(task.keys.from, async () => parseKeys(new TextEncoder().encode(task.keys!.text))));
  const [first] = task.files;
  if (!task.folder && isDocument(await usable(task.place, () => bytesOf(first!.file, 0, 1)))) {
    return ofProof(task, first!.file, keys);
  }
  const total = task.files.reduce((sum, { file }) => sum + file.size, 0);
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
    if (reportsBytes) tell({ unit: 'bytes', done: Math.min(read, total), total });
  };
  let reportsBytes = false;
  const container = await usable(task.place, () => opened(task, onRead));
  if (kindIn(container) === 'bundle') return ofBundle(task, container, keys, tell);
  reportsBytes = true;
  return ofExport(task, container, keys);
}

/** An archive, or the folder that one was unpacked into. */
async function opened({ files, folder }: Task, onRead: (bytes: number) => void): Promise<Container> {
  if (files.length > DEFAULT_LIMITS.entries)
    throw new BundleError('folder', `got more than ${DEFAULT_LIMITS.entries} files`);
  return folder ? folderOf(files, onRead) : archiveIn(files[0]!.file, onRead);
}

async function ofBundle(
  task: Task,
  container: Container,
  keys: readonly VerifierKey[] | undefined,
  tell: Tell,
): Promise<Outcome> {
  const { place, checkpoint, expectThrough, now } = task;
  if (task.entry !== undefined) return { kind: 'needless' };
  const known = checkpoint && (await small(checkpoint));
  const report = await usable(place, () =>
    verifyContainer(container, {
      now: new Date(now),
      ...(keys === undefined ? {} : { keys }),
      ...(known === undefined ? {} : { known }),
      ...(expectThrough === undefined ? {} : { expectThrough }),
      onProgress: (done, total) => tell({ unit: 'positions', done, total }),
    }),
  );
  const told = {
    ...{ bundle: place, keysFrom: task.keys?.from, knownCheckpoint: checkpoint?.name, expectThrough },
    ...{ verifiedAt: new Date(now), report },
  };
  const ownKeys = report.keys.from === 'bundle';
  return { kind: 'verified', verdict: report.verdict, text: reportText(told), json: reportJson(told), ownKeys };
}

async function ofExport(
  { place, keys: given, checkpoint, expectThrough, entry }: Task,
  container: Container,
  keys: readonly VerifierKey[] | undefined,
): Promise<Outcome> {
  if (checkpoint !== undefined || expectThrough !== undefined || entry !== undefined) return { kind: 'needless' };
  if (keys === undefined || given === undefined) return { kind: 'needs-keys' };
  const report = await usable(place, () => verifyExportFiles(container, keys, TEXT_FORMATS));
  return { kind: 'verified', verdict: report.verdict, text: exportText(place, given.from, report), ownKeys: false };
}

async function ofProof(task: Task, file: File, keys: readonly VerifierKey[] | undefined): Promise<Outcome> {
  const { place, keys: given } = task;
  const document = await small(file, ENTRY_PROOF.maxBytes);
  const proof = await usable(place, async () => parseProof(document));
  if (task.checkpoint !== undefined || task.expectThrough !== undefined) return { kind: 'needless' };
  if (keys === undefined || given === undefined) return { kind: 'needs-keys' };
  const entry = task.entry && (await small(task.entry));
  const report = await usable(place, async () => verifyProof(proof, keys, entry));
  const text = proofText({ place, keysFrom: given.from, entryFrom: task.entry?.name }, keys, report);
  return { kind: 'verified', verdict: report.verdict, text, ownKeys: false };
}

async function small(file: File, maxBytes: number = MAX_BYTES): Promise<Uint8Array> {
  if (file.size > maxBytes) throw new Refusal(`${file.name} is refused: got more than ${maxBytes} bytes`);
  return usable(file.name, () => wholeOf(file));
}

/** What was handed in is neither valid nor broken: it is no evidence of anything. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

async function usable<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await asBundle(act);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new Refusal(`${name} is refused (${error.code}): ${error.message}`, { cause: error });
  }
}
