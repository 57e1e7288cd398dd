// Finds what keeps a stranger from finding the way in a folder: no README.md, one that says too much or what is not so, and
// files whose first line does not say what they are.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Folders with more files than this need a README.md. */
const FILES_WITHOUT_README = 8;
const README_LINES = 20;
/** A comment that says something, or a docstring of Python. */
const COMMENT = /^(?:(?:\/\/|\/\*\*?|#)\s*[^\s*/]|r?"""\s*[^\s"])/;
/** One that says it on the next line. */
const OPENING = /^(?:\/\*\*?|r?""")\s*$/;
const CODE = /\.(?:[cm]?[jt]s|py)$/;
const NAME_IN_README = /`([^`\s]+)`/g;
/** What is not kept under version control, or is somebody else's. */
const OUTSIDE = new Set(['node_modules', 'cdk.out', 'dist', '__pycache__']);

interface Folder {
  readonly path: string;
  readonly files: readonly string[];
}

/** One sentence for each fault below `root`, in the order of paths. */
export function folderFaults(root: string): string[] {
  const folders = [...foldersOf(root)];
  return folders.flatMap((folder) => [
    ...missingReadme(root, folder),
    ...readmeFaults(root, folder),
    ...folder.files.filter((file) => CODE.test(file)).flatMap((file) => firstLineFaults(root, join(folder.path, file))),
  ]);
}

function* foldersOf(path: string): Generator<Folder> {
  const entries = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  yield { path, files: entries.filter((entry) => entry.isFile()).map(({ name }) => name) };
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith('.') || OUTSIDE.has(entry.name)) continue;
    yield* foldersOf(below);
  }
}

/** A folder that holds data alone needs no README.md of its own if one above names it. */
function missingReadme(root: string, { path, files }: Folder): string[] {
  if (files.length <= FILES_WITHOUT_README || files.includes('README.md')) return [];
  if (!files.some((file) => CODE.test(file)) && isNamedAbove(root, path)) return [];
  return [`${relative(root, path)} has ${files.length} files and no README.md`];
}

function isNamedAbove(root: string, path: string): boolean {
  for (let above = dirname(path); above.startsWith(root); above = dirname(above)) {
    const readme = join(above, 'README.md');
    if (!existsSync(readme)) continue;
    const names = new Set(namesIn(readFileSync(readme, 'utf8')).map((name) => basename(name)));
    return relative(above, path)
      .split('/')
      .every((part) => names.has(part));
  }
  return false;
}

function readmeFaults(root: string, { path, files }: Folder): string[] {
  // The one at the top is for whoever uses the product.
  if (path === root || !files.includes('README.md')) return [];
  const readme = relative(root, join(path, 'README.md'));
  const text = readFileSync(join(path, 'README.md'), 'utf8');
  const lines = text.trimEnd().split('\n').length;
  const long = lines > README_LINES ? [`${readme} has ${lines} lines, want at most ${README_LINES}`] : [];
  const absent = namesIn(text).filter((name) => /[./]/.test(name) && !isThere(root, path, name));
  return [...long, ...absent.map((name) => `${readme} names ${name}, which is not there`)];
}

const namesIn = (text: string): string[] => [...text.matchAll(NAME_IN_README)].map(([, name]) => name!);

function isThere(root: string, path: string, name: string): boolean {
  return [path, root].some((from) =>
    name.includes('*') ? globSync(name, { cwd: from }).length > 0 : existsSync(join(from, name)),
  );
}

/** A comment may open on a line of its own; then the next line says it. */
function firstLineFaults(root: string, file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const [first = '', second = ''] = lines[0]!.startsWith('#!') ? lines.slice(1) : lines;
  const says = OPENING.test(first) ? /^\s*\*?\s*[^\s*/"]/.test(second) : COMMENT.test(first);
  return says ? [] : [`${relative(root, file)} does not say in its first line what it is`];
}
