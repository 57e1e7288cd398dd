// The fonts of PDF reports, read from the package that has them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** DejaVu Sans: Latin, Greek, Cyrillic, Hebrew, Arabic and more. In a bundle, fonts-bundled.ts stands in for this file. */
const read = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));

export const REGULAR_FONT = read('DejaVuSans');
export const BOLD_FONT = read('DejaVuSans-Bold');
