/** Says of each entry and proof in `asked.json` whether they are accepted with the keys of `plain.keys`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKeys } from '../../../core/bundle/keys.ts';
import { ENTRY_PROOF } from '../../../core/proof/document.ts';
import { verifyEntryProof } from '../../../core/proof/verify.ts';

interface Asked {
  readonly entry: string;
  readonly proof: string;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('got no folder, want the one with the proofs');
const keys = parseKeys(await readFile(join(folder, 'plain.keys')));
const asked: readonly Asked[] = JSON.parse(await readFile(join(folder, 'asked.json'), 'utf8'));
process.stdout.write(JSON.stringify(asked.map(accepts)));

function accepts({ entry, proof }: Asked): boolean {
  try {
    verifyEntryProof(Buffer.from(entry), ENTRY_PROOF.parse(Buffer.from(proof)), keys);
    return true;
  } catch (error) {
    // A defect is no refusal: what refuses says so by a code.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return false;
  }
}
