// Finds card numbers.
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

/** Whatever people type between a card's groups. */
export const CARD_GAP = '[\\s\\u00a0\\u2000-\\u200a\\u202f\\u3000\\u2010-\\u2015\\u2212.,/_-]{0,3}';
/** One of these, alone, may divide a number anywhere; any other gap, only as cards are printed. */
const PLAIN_GAP = /^[ \u00a0\u2007\u2009\u202f\u2010-\u2015-]?$/;
/** A number that goes on behind a dot, a comma or a slash is a decimal, a path, a date or an address. */
const TIED_GAP = /^[.,/_]$/;
/** How cards are printed: lengths of groups. */
const PRINTED: ReadonlySet<string> = new Set(['4,4,4,4', '4,6,5', '4,6,4', '4,4,4,4,3', '4,4,5', '4,4,4,1', '8,8']);

/**
 * Digits with gaps between them, not part of a word, a decimal or an international phone number; the first track of a
 * magnetic stripe has a letter in front.
 */
const DIGIT_RUN = new RegExp(
  `(?:(?<![\\dA-Za-z_+]|\\d\\.)|(?<=%[Bb]))\\d(?:${CARD_GAP}\\d){12,}(?![\\dA-Za-z_]|\\.\\d)`,
  'g',
);
const GROUP = /\d+/g;
/** A part of such an identifier may well look like a card's number. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * A card's number may stand among others (“12 4111 1111 1111 1111”), so every run of whole groups is tried. `known`: bare
 * digits that are somebody's or something's identifier here, and stay.
 */
export function findCards(text: string, known: ReadonlySet<string> = NO_IDENTIFIERS): Range[] {
  const found: Range[] = [];
  for (const run of text.matchAll(DIGIT_RUN)) {
    const groups = [...run[0].matchAll(GROUP)];
    for (let first = 0; first < groups.length; first++) {
      const length = cardLength(run[0], groups, first, known);
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

const NO_IDENTIFIERS: ReadonlySet<string> = new Set();

function outside(ranges: readonly Range[], identifiers: readonly RegExpExecArray[]): Range[] {
  return ranges.filter(({ start, end }) =>
    identifiers.every(({ index, 0: id }) => end <= index || start >= index + id.length),
  );
}

type Groups = readonly RegExpExecArray[];

/** How many groups from `first` on make the longest card number; 0 if none do. */
function cardLength(run: string, groups: Groups, first: number, known: ReadonlySet<string>): number {
  if (TIED_GAP.test(gapBehind(run, groups, first - 1))) return 0;
  let digits = '';
  let length = 0;
  for (let i = first; i < groups.length && digits.length < MAX_DIGITS; i++) {
    digits += groups[i]![0];
    if (!isCardNumber(digits) || TIED_GAP.test(gapBehind(run, groups, i))) continue;
    if (isDividedAsCard(run, groups, first, i) && !(i === first && known.has(digits))) length = i - first + 1;
  }
  return length;
}

/** Between the group and the next; empty at either end. */
function gapBehind(run: string, groups: Groups, i: number): string {
  const [group, next] = [groups[i], groups[i + 1]];
  return group === undefined || next === undefined ? '' : run.slice(group.index + group[0].length, next.index);
}

function isDividedAsCard(run: string, groups: Groups, first: number, last: number): boolean {
  const gaps = new Set<string>();
  for (let i = first; i < last; i++) gaps.add(gapBehind(run, groups, i));
  if ([...gaps].every((gap) => PLAIN_GAP.test(gap))) return true;
  const lengths = groups.slice(first, last + 1).map(({ 0: group }) => group.length);
  return gaps.size === 1 && PRINTED.has(lengths.join(','));
}
