// Mutations of a bundle: checkpoint and keys.
import { FILES } from '../../../core/bundle/files.ts';
import { formatCheckpoint } from '../../../core/checkpoint/body.ts';
import { openCheckpoint } from '../../../core/checkpoint/open.ts';
import { policyOf } from '../../../core/checkpoint/policy.ts';
import { formatVerifierKey } from '../../../core/note/key.ts';
import { formatNote } from '../../../core/note/note.ts';
import { signer } from '../../../test/support/signers.ts';
import type { BundleFiles, Bundles } from '../bundles.ts';
import { keysFile } from '../export.ts';
import type { BundleMutation, Expected } from '../mutation.ts';
import { keptCheckpoint } from '../try.ts';
import { ORIGIN } from '../world.ts';
import { type Change, inBundle } from './shape.ts';

const checkpointRefused: Expected = { refused: 'checkpoint' };
const keysRefused: Expected = { refused: 'keys' };
const edit =
  (change: (text: string) => string): Change =>
  (files) =>
    files.edit(FILES.checkpoint, change);

/** Lines of the note: origin, size, root, the empty one, then Ed25519 and ML-DSA-44. */
const lineOut = (index: number): Change => edit((text) => text.split('\n').toSpliced(index, 1).join('\n'));
const lineFrom =
  (index: number): Change =>
  async (files, { foreign }) => {
    const other = (await foreign.open()).text(FILES.checkpoint).split('\n')[index]!;
    return files.edit(FILES.checkpoint, (text) => text.split('\n').with(index, other).join('\n'));
  };
const [ED25519_LINE, ML_DSA_LINE] = [4, 5];

/** What the checkpoint says, in a note signed by whom one likes. */
function signedBy({ acme }: Bundles, signers: readonly ReturnType<typeof signer>[]): string {
  const { size, root } = openCheckpoint(keptCheckpoint(acme.world), policyOf(acme.world.signers.map(({ key }) => key)));
  const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] });
  return new TextDecoder().decode(formatNote({ text, signatures: signers.map((one) => one.sign(text)) }));
}

const INCONSISTENT = { code: 'seals-inconsistent' } as const;

/** Without keys of one's own, a bundle under other keys is as good as another deployment's. */
const byItsOwnKeys = 'by its own keys it is whole: only keys from elsewhere tell whose it is';

async function giveForeignKeys(files: BundleFiles, { foreign }: Bundles): Promise<unknown> {
  return files.set(FILES.keys, keysFile(foreign.world));
}

/** The signed head of the log, and the keys. */
export const BUNDLE_CHECKPOINT: readonly BundleMutation[] = [
  inBundle(
    'signature-ml-dsa-stripped',
    'leaves out the signature that is to last',
    checkpointRefused,
    lineOut(ML_DSA_LINE),
  ),
  inBundle(
    'signature-ed25519-stripped',
    'leaves out the classical signature',
    checkpointRefused,
    lineOut(ED25519_LINE),
  ),
  inBundle(
    'signatures-stripped',
    'leaves out both signatures',
    checkpointRefused,
    edit((text) => text.slice(0, text.indexOf('—'))),
  ),
  inBundle(
    'signature-ml-dsa-of-another-log',
    'puts another deployment’s signature in the lasting one’s place',
    checkpointRefused,
    lineFrom(ML_DSA_LINE),
  ),
  inBundle(
    'signature-ed25519-of-another-log',
    'puts another deployment’s signature in the classical one’s place',
    checkpointRefused,
    lineFrom(ED25519_LINE),
  ),
  inBundle(
    'signature-of-an-older-checkpoint',
    'puts the signatures of an older checkpoint under this one',
    checkpointRefused,
    async (files, { older }) => {
      const before = (await older.open()).text(FILES.checkpoint);
      return files.edit(
        FILES.checkpoint,
        (text) => text.slice(0, text.indexOf('—')) + before.slice(before.indexOf('—')),
      );
    },
  ),
  inBundle(
    'signature-bit-flipped',
    'changes one bit of a signature',
    checkpointRefused,
    edit((text) =>
      text.replace(/(.)(.{8})=*\n$/, (_, bit: string, rest: string) => `${bit === 'A' ? 'B' : 'A'}${rest}\n`),
    ),
  ),
  inBundle(
    'signature-by-key-of-the-same-name',
    'signs with fresh keys under the log’s name',
    checkpointRefused,
    (files, bundles) =>
      files.set(
        FILES.checkpoint,
        signedBy(bundles, [signer(ORIGIN, 'ed25519'), signer(ORIGIN, 'ml-dsa-44-cosignature')]),
      ),
  ),
  inBundle('signature-by-witness', 'has a witness stand in for the log', checkpointRefused, (files, bundles) =>
    files.set(
      FILES.checkpoint,
      signedBy(bundles, [bundles.acme.world.signers[0]!, signer('witness.example', 'ml-dsa-44-cosignature')]),
    ),
  ),
  inBundle(
    'checkpoint-size-edited',
    'says that the log is shorter',
    checkpointRefused,
    edit((text) => text.replace('\n8\n', '\n6\n')),
  ),
  inBundle(
    'checkpoint-size-non-minimal',
    'writes the size with a leading zero',
    checkpointRefused,
    edit((text) => text.replace('\n8\n', '\n08\n')),
  ),
  inBundle(
    'checkpoint-size-huge',
    'says that the log is longer than numbers go',
    checkpointRefused,
    edit((text) => text.replace('\n8\n', '\n18446744073709551616\n')),
  ),
  inBundle(
    'checkpoint-root-edited',
    'names another root',
    checkpointRefused,
    edit((text) => text.replace(/\n8\n(.)/, (_, first: string) => `\n8\n${first === 'A' ? 'B' : 'A'}`)),
  ),
  inBundle(
    'checkpoint-origin-edited',
    'says that the log is another',
    checkpointRefused,
    edit((text) => text.replace(ORIGIN, 'log.example/another')),
  ),
  inBundle(
    'checkpoint-extended',
    'adds an extension line',
    checkpointRefused,
    edit((text) => text.replace('\n\n', '\nnote\n\n')),
  ),
  inBundle(
    'checkpoint-with-control-character',
    'hides a control character',
    checkpointRefused,
    edit((text) => text.replace('\n\n', '\n\n— x \u001b[2K\n')),
  ),
  inBundle(
    'checkpoint-with-crlf',
    'ends lines as Windows does',
    checkpointRefused,
    edit((text) => text.replaceAll('\n', '\r\n')),
  ),
  inBundle('checkpoint-not-utf8', 'breaks the encoding', checkpointRefused, (files) =>
    files.set(FILES.checkpoint, Buffer.concat([files.get(FILES.checkpoint), Uint8Array.of(0xff)])),
  ),
  inBundle('checkpoint-emptied', 'leaves nothing of the checkpoint', checkpointRefused, (files) =>
    files.set(FILES.checkpoint, ''),
  ),
  inBundle(
    'checkpoint-endless',
    'makes a checkpoint of a megabyte',
    { refused: 'zip', zip: 'too-large', path: FILES.checkpoint },
    edit((text) => text.padEnd(1_000_000, '\n')),
  ),
  inBundle(
    'checkpoint-of-an-older-log',
    'shows digests under a checkpoint from before them',
    {
      verdict: 'altered',
      at: [{ code: 'digest-not-in-log' }],
      also: [
        { code: 'digest-not-newest' },
        { code: 'digest-number' },
        { code: 'no-digest' },
        { code: 'no-position' },
        { code: 'ends-early' },
        { code: 'checkpoint-unlinked' },
        INCONSISTENT,
      ],
    },
    async (files, { older }) => files.set(FILES.checkpoint, (await older.open()).get(FILES.checkpoint)),
  ),
  inBundle('keys-replaced', 'puts another deployment’s keys into the bundle', checkpointRefused, giveForeignKeys, {
    expected: { bundle: checkpointRefused, trusted: keysRefused },
  }),
  inBundle('keys-one-type-only', 'leaves out the key that is to last', keysRefused, (files) =>
    files.editLines(FILES.keys, (lines) => lines.slice(0, 1)),
  ),
  inBundle('keys-of-witness', 'says that a witness’s key is the log’s', keysRefused, (files) =>
    files.editLines(FILES.keys, ([first]) => [
      first!,
      formatVerifierKey(signer('witness.example', 'ml-dsa-44-cosignature').key),
    ]),
  ),
  inBundle('keys-malformed', 'breaks a key', keysRefused, (files) =>
    files.editLines(FILES.keys, (lines) => lines.with(0, `${lines[0]}A`)),
  ),
  inBundle('keys-emptied', 'leaves out the keys', keysRefused, (files) => files.set(FILES.keys, '')),
  inBundle(
    'bundle-of-another-deployment',
    'hands on a whole bundle that another deployment has signed',
    checkpointRefused,
    () => undefined,
    {
      expected: { bundle: { clean: byItsOwnKeys }, trusted: checkpointRefused },
      forge: ({ foreign }) => foreign.bytes,
    },
  ),
  inBundle(
    'bundle-of-another-deployment-with-keys',
    'puts the right keys into a bundle of another deployment',
    checkpointRefused,
    () => undefined,
    {
      async forge({ acme, foreign }) {
        return (await foreign.open()).set(FILES.keys, keysFile(acme.world)).bytes();
      },
    },
  ),
];
