/**
 * Log files in the data directory: appended to, one line a record, written in the order of the calls. A line that can't be
 * written is lost, and the runtime goes on; it says so once, and once more when lines are written again.
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../failure.ts';

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

/** `show` is told, once each, that lines are being lost and that they no longer are. */
export function openLogFiles(directory: string, show: (line: string) => void = () => undefined): LogFiles {
  const open = new Map<string, { file: LogFile; descriptor: number }>();
  const append = appender(directory, show);
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
        if (open.has(name)) append(descriptor, line.endsWith('\n') ? line : `${line}\n`);
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

/** Counts over all files: they are on one disk. */
function appender(directory: string, show: (line: string) => void): (descriptor: number, line: string) => void {
  let lost = 0;
  /** Files whose last line is torn: the next one has to begin on its own. */
  const torn = new Set<number>();
  return (descriptor, line) => {
    const bytes = Buffer.from(torn.has(descriptor) ? `\n${line}` : line);
    let written = 0;
    let reason = 'the disk took a part of a line';
    try {
      written = writeSync(descriptor, bytes);
    } catch (error) {
      reason = messageOf(error);
    }
    if (written === bytes.length) {
      torn.delete(descriptor);
      if (lost > 0) show(`Log lines are written again to ${directory}; ${lost} were lost.`);
      lost = 0;
      return;
    }
    if (written > 0) torn.add(descriptor);
    lost += 1;
    if (lost === 1) show(`Log lines can't be written to ${directory} and are lost: ${reason}.`);
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
}
