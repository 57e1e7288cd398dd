// The vectors of RFC 8785's author.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { toHex } from '../../core/crypto.ts';
import { parseJson } from '../../core/json/parse.ts';
import { type Case, demand, type Suite } from './suite.ts';

/** RFC 8785, appendix B and more, from its author: input, output, and the output in hexadecimal. */
export const cyberphone: Suite = {
  folder: 'cyberphone-json-canonicalization',
  *cases(directory): Generator<Case> {
    const data = join(directory, 'testdata');
    for (const file of readdirSync(join(data, 'input')).toSorted()) {
      yield { name: file, check: () => compare(data, file) };
    }
  },
};

/** Its inputs have decimals with more digits than a double has, which entries may not have. */
const AS_RFC_8785 = { maxDepth: 34, inexact: 'rounded' } as const;

function compare(data: string, file: string): void {
  const got = toHex(canonicalBytes(parseJson(readFileSync(join(data, 'input', file)), AS_RFC_8785)));
  const output = toHex(readFileSync(join(data, 'output', file)));
  const hex = readFileSync(join(data, 'outhex', file.replace(/json$/, 'txt')), 'utf8').replaceAll(/\s/g, '');
  demand(got === output, `got ${got}, want the output ${output}`);
  demand(got === hex, `got ${got}, want the hexadecimal output ${hex}`);
}
