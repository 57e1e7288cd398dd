/** The fonts inside of a function's bundle, which has no folder to read them from (lib/constructs/bundle.ts). */

import devanagari from '@expo-google-fonts/noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf';
import hebrew from '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf';
import han from '@librescore/fonts/SourceHanSansCN.min.woff2';
import hangul from '@librescore/fonts/SourceHanSansKR.min.woff2';
import regular from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';
// By its path: the package names no file but its main one to the outside.
import arabic from '../../node_modules/@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf';
import type { FontName } from './fonts.ts';

const FONTS: Readonly<Record<FontName, Uint8Array>> = { regular, bold, hebrew, arabic, devanagari, han, hangul };

export const fontBytes = (name: FontName): Uint8Array => FONTS[name];
