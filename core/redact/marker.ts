/** What stands for something removed. It is never matched again, so redacting twice changes nothing. */
export function marker(kind: string): string {
  return `[REDACTED:${kind}]`;
}

export const KIND_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

export const MARKER = /\[REDACTED:[a-z][a-z0-9-]{0,31}\]/g;

const WHOLE_MARKER = /^\[REDACTED:[a-z][a-z0-9-]{0,31}\]$/;

export function isMarker(text: string): boolean {
  return text.startsWith('[REDACTED:') && WHOLE_MARKER.test(text);
}
