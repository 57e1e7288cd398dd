/** Writes a report of names and sentences of many scripts, and beside it the words that a reader has to find. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDF } from '../../../adapters/export/pdf.ts';
import { rowOf, written } from '../../support/exporting.ts';

const TEXTS = [
  'Ünïcödé Łódź Ελληνικά Кириллица Հայերեն ქართული',
  'שרה כהן מנהלת',
  'محمد علي يوسف',
  'بہادر خان ہے پژمان',
  'अमित शर्मा क्षेत्र रिपोर्ट स्वीकृत विद्यार्थी हिन्दी',
  '王小明 繁體中文 日本語 ひらがな カタカナ',
  '김철수 한국어',
  'two\u2028lines\u0000nul left\u202eright ไ',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('got no folder to write to');
const rows = TEXTS.map((text, i) =>
  rowOf(i, { description: text, metadata: { text }, actor: { type: 'user', id: `u${i}`, name: text } }),
);
await writeFile(join(folder, 'report.pdf'), await written(PDF, rows));
const spelled = ['two[U+2028]lines[U+0000]nul', 'left[U+202E]right', '[U+0E44]'];
const words = [...TEXTS.slice(0, -1).flatMap((text) => text.split(' ')), ...spelled];
await writeFile(join(folder, 'words.json'), JSON.stringify(words));
