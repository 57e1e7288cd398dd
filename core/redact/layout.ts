/** What an entry would not be an entry without: never touched, whatever the policy says. */
const PROTECTED: ReadonlySet<string> = new Set([
  'id',
  'v',
  'tenant',
  'action',
  'category',
  'outcome',
  'severity',
  'occurredAt',
  'recordedAt',
  'recorder',
  'redacted',
  'late',
]);

/** Members whose type or pattern a marker would break: removed instead of replaced, or kept where they are required. */
const REMOVED: ReadonlySet<string> = new Set([
  'context/channel',
  'context/traceId',
  'context/responseTimeMs',
  'source/geo/lat',
  'source/geo/lon',
]);

type Path = readonly string[];

export function isProtected(path: Path): boolean {
  return (
    (path.length > 0 && PROTECTED.has(path[0]!)) || (path.length === 2 && path[0] === 'actor' && path[1] === 'type')
  );
}

/** Inside free JSON any value may become a marker. */
export function isFree(path: Path): boolean {
  return path.length >= 2 && holdsFree(path.slice(0, -1), path.at(-1)!);
}

/** Whether the member of the container at `path` is free JSON. */
export function holdsFree(path: Path, member?: string): boolean {
  if (path[0] === 'metadata') return true;
  const state = path.length === 1 ? member : path[1];
  return path[0] === 'change' && (state === 'before' || state === 'after');
}

export function isRemoved(path: Path): boolean {
  return REMOVED.has(path.join('/'));
}
