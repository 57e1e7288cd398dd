// Proof Key for Code Exchange (RFC 7636): what only the page that began a sign-in can know.

/** RFC 7636, section 4.1, recommends 32 random octets. */
const RANDOM_BYTES = 32;

/** Unguessable text of 43 letters, digits, dashes and underscores. */
export function unguessable(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
}

/** The challenge of a verifier by method S256. */
export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
