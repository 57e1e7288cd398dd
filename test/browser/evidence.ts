/** Evidence in a folder, good and spoilt, to be verified in a browser and by the command alike. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportAll } from '../../bench/tamper/bundles.ts';
import { BUNDLE_CHECKPOINT } from '../../bench/tamper/catalogue/bundle-checkpoint.ts';
import { BUNDLE_CONTAINER } from '../../bench/tamper/catalogue/bundle-container.ts';
import { BUNDLE_DIGESTS } from '../../bench/tamper/catalogue/bundle-digests.ts';
import { BUNDLE_DOCUMENTS } from '../../bench/tamper/catalogue/bundle-documents.ts';
import { BUNDLE_ENTRIES } from '../../bench/tamper/catalogue/bundle-entries.ts';
import { BUNDLE_LINES } from '../../bench/tamper/catalogue/bundle-lines.ts';
import { BUNDLE_MANIFEST } from '../../bench/tamper/catalogue/bundle-manifest.ts';
import { BUNDLE_TILES } from '../../bench/tamper/catalogue/bundle-tiles.ts';
import { BUNDLE_UNSEALED } from '../../bench/tamper/catalogue/bundle-unsealed.ts';
import { EXPORT_FILES } from '../../bench/tamper/catalogue/export-files.ts';
import { LOG_BUNDLES } from '../../bench/tamper/catalogue/log.ts';
import { keysFile } from '../../bench/tamper/export.ts';
import { ExportDraft, makeExports } from '../../bench/tamper/exports.ts';
import { History } from '../../bench/tamper/history.ts';
import { keptCheckpoint } from '../../bench/tamper/try.ts';
import { formatVerifierKey, type VerifierKey } from '../../core/note/key.ts';
import { ENTRY_PROOF } from '../../core/proof/document.ts';
import { packed } from '../support/bundling.ts';
import { run } from '../support/command-line.ts';
import { entry, LOG_KEYS, sealed } from '../support/proofs.ts';

/** One thing to verify, by the names of its files in the folder. */
export interface Case {
  readonly name: string;
  readonly file: string;
  readonly keys?: string;
  readonly checkpoint?: string;
  readonly entry?: string;
}

/** What the command says of a case, and its exit code. */
export interface Told {
  readonly code: number;
  /** On either stream, as it would be if the command ran in the folder. */
  readonly text: string;
}

/** What the tamper bench does to bundles, by what it is done to. */
const FORGED = [
  ...[BUNDLE_ENTRIES, BUNDLE_TILES, BUNDLE_DIGESTS, BUNDLE_LINES, BUNDLE_DOCUMENTS, BUNDLE_UNSEALED],
  ...[BUNDLE_CHECKPOINT, BUNDLE_MANIFEST, BUNDLE_CONTAINER, LOG_BUNDLES],
];

/** A folder with evidence in it. */
export class EvidenceFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'indelible-evidence-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, bytes: Uint8Array | string): string {
    writeFileSync(this.path(name), bytes);
    return name;
  }

  writeKeys(name: string, keys: readonly VerifierKey[]): string {
    return this.write(name, keys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
  }

  /** As `indelible verify` says it. */
  async told({ file, keys, checkpoint, entry: entryFile }: Case): Promise<Told> {
    const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, this.path(value)]);
    const { code, out, err } = await run(
      ...['verify', this.path(file), ...option('--keys', keys)],
      ...[...option('--checkpoint', checkpoint), ...option('--entry', entryFile)],
    );
    const text = (out + err.replace(/^indelible: /, '')).replaceAll(`${this.folder}/`, '');
    return { code, text };
  }

  /** A bundle, an export and a proof that are as they should be, each with keys and without. */
  async good(): Promise<Case[]> {
    const history = await History.make();
    const { acme, expiring } = await exportAll(history, history);
    const keys = this.write('keys.txt', keysFile(acme.world));
    const bundle = this.write('bundle.zip', acme.bytes);
    const pending = this.write('expiring.zip', expiring.bytes);
    const checkpoint = this.write('kept.txt', keptCheckpoint(acme.world));
    return [
      { name: 'a bundle', file: bundle, keys },
      { name: 'a bundle with a checkpoint that was kept', file: bundle, keys, checkpoint },
      { name: 'a bundle without keys', file: bundle },
      { name: 'a bundle between an expiry and its seal', file: pending, keys },
      { name: 'a bundle under keys of another log', file: bundle, keys: this.writeKeys('others.txt', LOG_KEYS) },
      ...(await this.#exports()),
      ...(await this.#proofs()),
    ];
  }

  async #exports(): Promise<Case[]> {
    const { table } = await makeExports();
    const keys = this.writeKeys('export-keys.txt', table.keys);
    mkdirSync(this.path('export'), { recursive: true });
    for (const [name, bytes] of table.files) this.write(`export/${name}`, bytes);
    return [
      { name: 'an export in a folder', file: 'export', keys },
      { name: 'an export in an archive', file: this.write('export.zip', await packed(table.files)), keys },
    ];
  }

  async #proofs(): Promise<Case[]> {
    const proof = await (await sealed({ size: 5, before: 1, behind: 2 }))(2);
    const file = this.write('proof.json', ENTRY_PROOF.format(proof));
    const forged = this.write('forged.json', ENTRY_PROOF.format({ ...proof, position: 3 }));
    const keys = this.writeKeys('proof-keys.txt', LOG_KEYS);
    const own = this.write('entry.json', entry(2));
    const answered = this.write('answer.json', `{"entry":${Buffer.from(entry(2))},"chain":3,"position":2}\n`);
    return [
      { name: 'a proof with its entry', file, keys, entry: own },
      { name: 'a proof with its entry as the API answers it', file, keys, entry: answered },
      { name: 'a proof with another entry', file, keys, entry: this.write('other.json', entry(1)) },
      { name: 'a proof without its entry', file, keys },
      { name: 'a proof of another position', file: forged, keys, entry: own },
      { name: 'a proof under keys of another log', file, keys: 'keys.txt', entry: own },
    ];
  }

  /** What the tamper bench does to a bundle or to the files of an export: all of it, or as much of each kind. */
  async tampered(ofEachKind: number = Number.POSITIVE_INFINITY): Promise<Case[]> {
    const history = await History.make();
    const bundles = await exportAll(history, await History.make());
    const keys = this.write('tampered-keys.txt', keysFile(bundles.acme.world));
    const cases: Case[] = [];
    for (const mutation of FORGED.flatMap((kind) => kind.slice(0, ofEachKind))) {
      const bytes = await mutation.forge(bundles);
      const known = mutation.known?.(bundles) ?? keptCheckpoint(bundles.acme.world);
      const checkpoint = this.write(`${mutation.name}.checkpoint`, known);
      cases.push({ name: mutation.name, file: this.write(`${mutation.name}.zip`, bytes), keys, checkpoint });
    }
    const exports = await makeExports();
    const exportKeys = this.writeKeys('tampered-export-keys.txt', exports.table.keys);
    for (const mutation of EXPORT_FILES.slice(0, ofEachKind)) {
      const draft = new ExportDraft(exports.table.files);
      await mutation.falsify(draft, exports);
      const file = this.write(`${mutation.name}.zip`, await packed(draft.files));
      cases.push({ name: mutation.name, file, keys: exportKeys });
    }
    return cases;
  }
}
