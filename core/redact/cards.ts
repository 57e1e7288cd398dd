import type { Range } from './ranges.ts';

/** ISO/IEC 7812: the shortest and the longest number of a card. */
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** Issuer prefixes and lengths as the schemes publish them; without them one in ten long identifiers would be a hit. */
const ISSUERS: readonly (readonly [from: string, to: string, ...lengths: number[]])[] = [
  ['4', '4', 13, 16, 18, 19],
  ['51', '55', 16],
  ['2221', '2720', 16],
  ['34', '34', 15],
  ['37', '37', 15],
  ['300', '305', 14, 16, 19],
  ['36', '36', 14, 16, 19],
  ['38', '39', 14, 16, 19],
  ['6011', '6011', 16, 19],
  ['644', '649', 16, 19],
  ['65', '65', 16, 19],
  ['3528', '3589', 16, 17, 18, 19],
  ['62', '62', 16, 17, 18, 19],
  ['5018', '5018', 13, 14, 15, 16, 17, 18, 19],
  ['5020', '5020', 13, 14, 15, 16, 17, 18, 19],
  ['5038', '5038', 13, 14, 15, 16, 17, 18, 19],
  ['5893', '5893', 13, 14, 15, 16, 17, 18, 19],
  ['6304', '6304', 13, 14, 15, 16, 17, 18, 19],
  ['6759', '6763', 13, 14, 15, 16, 17, 18, 19],
  ['2200', '2204', 16, 17, 18, 19],
  ['508500', '508999', 16],
  ['606985', '608500', 16],
];

export function isCardNumber(digits: string): boolean {
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return false;
  return passesLuhn(digits) && ISSUERS.some((issuer) => belongs(digits, issuer));
}

function belongs(digits: string, [from, to, ...lengths]: (typeof ISSUERS)[number]): boolean {
  const prefix = digits.slice(0, from.length);
  return prefix >= from && prefix <= to && lengths.includes(digits.length);
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 0x30;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/**
 * Digits with single spaces or dashes of any kind between them, not part of a word, a decimal or an international phone
 * number; the first track of a magnetic stripe has a letter in front.
 */
const DIGIT_RUN =
  /(?:(?<![\dA-Za-z_+]|\d\.)|(?<=%[Bb]))\d(?:[ \u00a0\u2007\u2009\u202f\u2010-\u2015-]?\d){12,}(?![\dA-Za-z_]|\.\d)/g;
const GROUP = /\d+/g;
/** A part of such an identifier may well look like a card's number. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** A card's number may stand among others (“12 4111 1111 1111 1111”), so every run of whole groups is tried. */
export function findCards(text: string): Range[] {
  const found: Range[] = [];
  for (const run of text.matchAll(DIGIT_RUN)) {
    const groups = [...run[0].matchAll(GROUP)];
    for (let first = 0; first < groups.length; first++) {
      const length = cardLength(groups, first);
      if (length === 0) continue;
      const last = groups[first + length - 1]!;
      found.push({
        start: run.index + groups[first]!.index,
        end: run.index + last.index + last[0].length,
        kind: 'card',
      });
      first += length - 1;
    }
  }
  return found.length === 0 ? found : outside(found, [...text.matchAll(UUID)]);
}

function outside(ranges: readonly Range[], identifiers: readonly RegExpExecArray[]): Range[] {
  return ranges.filter(({ start, end }) =>
    identifiers.every(({ index, 0: id }) => end <= index || start >= index + id.length),
  );
}

/** How many groups from `first` on make the longest card number; 0 when none do. */
function cardLength(groups: readonly RegExpExecArray[], first: number): number {
  let digits = '';
  let length = 0;
  for (let i = first; i < groups.length && digits.length < MAX_DIGITS; i++) {
    digits += groups[i]![0];
    if (isCardNumber(digits)) length = i - first + 1;
  }
  return length;
}
