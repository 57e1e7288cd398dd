// Patterns of a query as the source of a regular expression over JSON.
import type { WildcardPart } from './ast.ts';
import { fold, jsonEscaped } from './fold.ts';

/** One character of a JSON string as it stands in the text, escape and all; never the quotation mark that ends it. */
export const CHARACTER = '(?:[^"\\\\]|\\\\.)';

/** A pattern as a regular expression over JSON text, which stays inside of one string. */
export function wildcardSource(pattern: readonly WildcardPart[], { folded }: { readonly folded: boolean }): string {
  return pattern
    .map((part) => {
      if (typeof part !== 'string') return part.any === 'run' ? `${CHARACTER}*` : CHARACTER;
      return literalSource(folded ? fold(jsonEscaped(part)) : jsonEscaped(part));
    })
    .join('');
}

/** Text that stands for itself. */
function literalSource(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
