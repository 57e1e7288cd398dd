// Personal numbers by country, redacted where a deployment names the pack: who must record them leaves it out.
import type { CompiledPattern } from './policy.ts';

type Pack = Omit<CompiledPattern, 'name'>;

/** Between the groups that a number is written in. */
const GAP = '[ \\u00a0.-]?';
const START = '(?<![\\w.-])';
const END = '(?![\\w]|-\\w)';

function pack(source: string, isValid?: (digits: string) => boolean): Pack {
  const expression = new RegExp(START + source + END, 'gu');
  if (isValid === undefined) return { expression };
  return { expression, confirm: (match) => (isValid(bare(match)) ? match.length : 0) };
}

function bare(text: string): string {
  return text.replace(/[^\dA-Za-z]/g, '').toUpperCase();
}

export const PACKS = {
  iban: {
    expression: new RegExp(`${START}[A-Z]{2}\\d{2}(?:${GAP}[A-Z0-9]{4}){2,7}(?:${GAP}[A-Z0-9]{1,3})?${END}`, 'gu'),
    confirm: ibanLength,
  },
  email: { expression: /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/gu },
  'at-svnr': pack(
    `\\d{4}${GAP}\\d{6}`,
    (digits) => weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits[3]),
  ),
  'be-nrn': pack(`\\d{2}${GAP}\\d{2}${GAP}\\d{2}${GAP}\\d{3}${GAP}\\d{2}`, isBelgian),
  'br-cpf': pack(`\\d{3}${GAP}\\d{3}${GAP}\\d{3}${GAP}\\d{2}`, isCpf),
  'ca-sin': pack(`\\d{3}${GAP}\\d{3}${GAP}\\d{3}`, passesLuhn),
  'ch-ahv': pack(`756${GAP}\\d{4}${GAP}\\d{4}${GAP}\\d{2}`, isEan13),
  'de-steuer-id': pack(`[1-9]\\d${GAP}\\d{3}${GAP}\\d{3}${GAP}\\d{3}`, passesMod11of10),
  'es-dni': pack(`[XYZ]?\\d{7,8}${GAP}[A-HJ-NP-TV-Z]`, isDni),
  'fr-nir': pack(
    `[12]${GAP}\\d{2}${GAP}(?:0[1-9]|1[0-2]|[2-9]\\d)${GAP}(?:\\d{2}|2[AB])${GAP}\\d{3}${GAP}\\d{3}${GAP}\\d{2}`,
    isNir,
  ),
  'gb-nino': pack(`(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:${GAP}\\d{2}){3}${GAP}[A-D]`),
  'in-aadhaar': pack(`[2-9]\\d{3}${GAP}\\d{4}${GAP}\\d{4}`, passesVerhoeff),
  'in-pan': pack('[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]'),
  'it-codice-fiscale': pack('[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]', isCodiceFiscale),
  'nl-bsn': pack(
    `\\d{4}${GAP}\\d{2}${GAP}\\d{3}`,
    (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  ),
  'pl-pesel': pack('\\d{11}', (digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0),
  'us-ssn': pack('(?!000|666|9\\d{2})\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}'),
} satisfies Readonly<Record<string, Pack>>;

export type PackName = keyof typeof PACKS;

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);
}

/** Words in capitals behind the number look like its last groups, so the longest part that passes counts. */
function ibanLength(match: string): number {
  const groups = [...match.matchAll(/[A-Z0-9]+/g)];
  for (const { index, 0: group } of groups.toReversed()) {
    const length = index + group.length;
    if (isIban(bare(match.slice(0, length)))) return length;
  }
  return 0;
}

/** ISO 13616: the first four characters go to the end, letters count from 10, and 1 is left of a division by 97. */
function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  return remainder([...text.slice(4), ...text.slice(0, 4)].map((c) => Number.parseInt(c, 36)).join(''), 97) === 1;
}

function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % modulus;
  return rest;
}

/** Born in 2000 or later, a 2 stands in front of the nine digits. */
function isBelgian(digits: string): boolean {
  const [body, check] = [digits.slice(0, 9), Number(digits.slice(9))];
  return [body, `2${body}`].some((number) => 97 - remainder(number, 97) === check);
}

function isCpf(digits: string): boolean {
  if (new Set(digits).size === 1) return false;
  return [9, 10].every((length) => {
    const sum = [...digits.slice(0, length)].reduce((total, digit, i) => total + Number(digit) * (length + 1 - i), 0);
    return ((sum * 10) % 11) % 10 === Number(digits[length]);
  });
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isEan13(digits: string): boolean {
  return weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10. */
function passesMod11of10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** A foreigner's number begins with a letter that stands for a digit. */
function isDni(text: string): boolean {
  const number = text.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return number.length === 8 && DNI_LETTERS[Number(number) % DNI_LETTERS.length] === text.at(-1);
}

/** Corsica's departments 2A and 2B count as 19 and 18. */
function isNir(text: string): boolean {
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder(number, 97) === Number(text.slice(13));
}

const VERHOEFF_PRODUCT = (a: number, b: number): number =>
  a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
const VERHOEFF_STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff's scheme: the dihedral group of ten elements, and a permutation applied once more at each place. */
function passesVerhoeff(digits: string): boolean {
  let check = 0;
  [...digits].toReversed().forEach((digit, place) => {
    let value = Number(digit);
    for (let i = 0; i < place % 8; i++) value = VERHOEFF_STEP[value]!;
    check = VERHOEFF_PRODUCT(check, value);
  });
  return check === 0;
}

/** What a letter or a digit counts at odd places (counted from 1), in the order 0–9 and A–Z. */
const FISCALE_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isCodiceFiscale(text: string): boolean {
  const sum = [...text.slice(0, 15)].reduce((total, c, i) => {
    const value = /\d/.test(c) ? Number(c) : c.charCodeAt(0) - 0x41;
    return total + (i % 2 === 0 ? FISCALE_ODD[value]! : value);
  }, 0);
  return String.fromCharCode(0x41 + (sum % 26)) === text.at(-1);
}
