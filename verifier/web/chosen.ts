/** What somebody chose or dropped, as files with their paths. */
import type { NamedFile } from './protocol.ts';

export interface Chosen {
  /** What to call it: the file's name, or the folder's. */
  readonly place: string;
  readonly files: readonly NamedFile[];
  /** A folder, however few files it has. */
  readonly folder: boolean;
}

/** Files of a file dialog: those of a folder have their paths in it. */
export function chosenOf(files: readonly File[]): Chosen | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const named = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return withoutTop(named);
}

/** What was dropped: files, or one folder with all that is in it. */
export async function droppedOf(transfer: DataTransfer): Promise<Chosen | undefined> {
  // Asked for at once: after the first wait the transfer is empty.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return chosenOf(files);
  const found: NamedFile[] = [];
  for (const entry of entries) await walk(entry, '', found);
  return withoutTop(found);
}

async function walk(entry: FileSystemEntry, folder: string, found: NamedFile[]): Promise<void> {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const next = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  // It answers a hundred at a time, and none when there are no more.
  for (let some = await next(); some.length > 0; some = await next()) {
    for (const one of some) await walk(one, path, found);
  }
}

/** Paths as they are in the folder that all files are in, which is what was handed in. */
function withoutTop(files: readonly NamedFile[]): Chosen | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const top = first.path.slice(0, first.path.indexOf('/') + 1);
  if (top === '' || !files.every(({ path }) => path.startsWith(top)))
    return { place: first.path, files, folder: files.length > 1 };
  return {
    place: top.slice(0, -1),
    files: files.map(({ path, file }) => ({ path: path.slice(top.length), file })),
    folder: true,
  };
}
