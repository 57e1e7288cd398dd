/** A found entry as the API answers it. */
import { entryWithIntegrity } from '../../../core/entry/with-integrity.ts';
import type { Found } from '../../../services/search/port.ts';

export function foundJson({ bytes, chain, position, leafHash, link }: Found): string {
  return Buffer.from(entryWithIntegrity(bytes, { chain, position, leafHash, link })).toString('utf8');
}
