/** The fonts of the PDF, read from their packages. In a bundle, fonts-bundled.ts stands in for this file. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of a package; or one beside a package's main file, where the package names no other to the outside. */
const FILES = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  hebrew: '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
  arabic: ['@embedpdf/fonts-arabic', '../fonts/NotoNaskhArabic-Regular.ttf'],
  devanagari: '@expo-google-fonts/noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  han: '@librescore/fonts/SourceHanSansCN.min.woff2',
  hangul: '@librescore/fonts/SourceHanSansKR.min.woff2',
} as const;

export type FontName = keyof typeof FILES;

/** A whole font file: TrueType, or WOFF2 around OpenType. */
export function fontBytes(name: FontName): Uint8Array {
  const place: string | readonly [main: string, beside: string] = FILES[name];
  if (typeof place === 'string') return readFileSync(fileURLToPath(import.meta.resolve(place)));
  return readFileSync(new URL(place[1], import.meta.resolve(place[0])));
}
