/** Log files in the data directory: appended to, one line a record, written in the order of the calls. */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that has grown past this when it is opened is kept once more under `.1`; the older one is replaced. */
const ROTATE_BYTES = 64 * 1024 * 1024;

export interface LogFile {
  line(record: Readonly<Record<string, unknown>>): void;
  text(line: string): void;
}

export interface LogFiles {
  readonly directory: string;
  /** The same name is the same file. Slashes in a log group's name become folders. */
  open(name: string): LogFile;
  close(): void;
}

export function openLogFiles(directory: string): LogFiles {
  const open = new Map<string, { file: LogFile; descriptor: number }>();
  return {
    directory,
    open: (name) => {
      const known = open.get(name);
      if (known) return known.file;
      const path = join(directory, ...name.split('/').filter((part) => part !== '' && part !== '..' && part !== '.'));
      mkdirSync(dirname(path), { recursive: true });
      rotate(path);
      const descriptor = openSync(path, 'a', 0o600);
      // Synchronous appends to the page cache take microseconds and keep the last words of a process that is killed.
      const text = (line: string): void => {
        if (open.has(name)) writeSync(descriptor, line.endsWith('\n') ? line : `${line}\n`);
      };
      const file: LogFile = { text, line: (record) => text(JSON.stringify(record)) };
      open.set(name, { file, descriptor });
      return file;
    },
    close: () => {
      for (const [name, { descriptor }] of open) {
        open.delete(name);
        closeSync(descriptor);
      }
    },
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
}
