// Processor time of a process and of its children, so that figures of a busy machine can be compared.
import { readFileSync } from 'node:fs';

/** A tick of /proc is a hundredth of a second wherever Linux runs Node. */
const TICK_MS = 10;

/** Milliseconds so far, of the process and of those children that run; NaN where there is no /proc. */
export function processorMs(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return [String(pid), ...children].reduce((sum, one) => sum + own(one), 0);
  } catch {
    return Number.NaN;
  }
}

function own(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command, field 2, may hold spaces and ends at the last parenthesis; utime is field 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
