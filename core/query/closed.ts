// Fields whose values are known beforehand: asking for another one is a mistake, and not a search that finds nothing.
import { CATEGORIES } from '../catalog/categories.ts';
import { isIpAddress } from '../entry/ip.ts';
import { ACTOR_TYPES, CHANNELS, OUTCOMES, RECORDER_TYPES, SEVERITIES } from '../entry/schema.ts';
import { isMarker } from '../redact/marker.ts';

const CLOSED: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['severity', SEVERITIES],
  ['outcome', OUTCOMES],
  ['category', [...CATEGORIES.keys()]],
  ['actor.type', ACTOR_TYPES],
  ['recorder.type', RECORDER_TYPES],
  ['context.channel', CHANNELS],
]);

const ADDRESSES: ReadonlySet<string> = new Set(['source.ip', 'source.forwardedFor']);

/** What a value of the field would have to be; undefined if this one can stand there. */
export function expectedOf(path: readonly string[], value: string): string | undefined {
  const name = path.join('.');
  const values = CLOSED.get(name);
  if (values !== undefined) return values.includes(value) ? undefined : `one of ${values.join(', ')}`;
  if (!ADDRESSES.has(name) || isIpAddress(value) || isMarker(value)) return undefined;
  return 'an IP address such as 203.0.113.7, or a pattern such as 203.0.113.*';
}
