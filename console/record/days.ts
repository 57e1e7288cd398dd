// A day of the reader's zone, and the moment at which it is over.
import type { Zone } from '../shell/choices.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-03-01`, as the reader's zone has it. */
export function dayAt(time: string, zone: Zone): string {
  const date = new Date(time);
  if (zone === 'utc') return date.toISOString().slice(0, 10);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Its last millisecond (RFC 3339), so that what happened on the day is part of it; undefined for what is no day. */
export function endOfDay(day: string, zone: Zone): string | undefined {
  const end = new Date(`${day}T23:59:59.999${zone === 'utc' ? 'Z' : ''}`);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
