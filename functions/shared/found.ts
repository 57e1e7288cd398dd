import type { Found } from '../../services/search/port.ts';

/** The entry stands in the answer byte for byte as it was hashed, so a client can check the leaf hash without parsing. */
export function foundJson({ bytes, chain, position, leafHash, link }: Found): string {
  const integrity = JSON.stringify({ chain, position, leafHash, link });
  return `{"entry":${Buffer.from(bytes).toString('utf8')},${integrity.slice(1)}`;
}
