/** Member names that say that their value is a secret, recognized word by word: `tokenType` and `secretary` aren't. */
export type NamedKind = 'password' | 'token' | 'secret' | 'card-code' | 'one-time-code' | 'user-data';

type Rule = readonly [kind: NamedKind, ...names: string[]];

/** A name is secret when its last words are one of these. */
const ENDINGS: readonly Rule[] = [
  [
    'password',
    'password',
    'pass word',
    'passwords',
    'passwd',
    'pwd',
    'passphrase',
    'passcode',
    'password hash',
    'pass hash',
  ],
  ['password', 'password confirmation', 'password confirm', 'password repeat', 'password again', 'password value'],
  ['password', 'db pass', 'smtp pass', 'user pass', 'admin pass', 'root pass', 'ftp pass', 'redis pass', 'mysql pass'],
  ['token', 'token', 'tokens', 'token value', 'jwt', 'jwts', 'bearer', 'authorization', 'cookie', 'cookies'],
  ['token', 'session key', 'amz signature', 'sas signature', 'xsrf', 'csrf'],
  ['secret', 'secret', 'secrets', 'secret value', 'secret string', 'secret binary', 'secret text', 'client secrets'],
  ['secret', 'credential', 'credentials', 'connection string', 'connectionstring', 'private key', 'privatekey'],
  ['secret', 'api key', 'api keys', 'apikey', 'apikeys', 'access key', 'secret key', 'secretkey', 'account key'],
  [
    'secret',
    'secret access key',
    'encryption key',
    'signing key',
    'master key',
    'shared key',
    'service key',
    'auth key',
  ],
  ['secret', 'private key pem', 'webhook key', 'decryption key', 'security answer', 'seed phrase', 'mnemonic'],
  ['card-code', 'cvv', 'cvv2', 'cvc', 'cvc2', 'card security code', 'card verification value'],
  ['one-time-code', 'otp', 'totp', 'mfa code', 'otp code', 'totp code', 'verification code', 'two factor code'],
  ['user-data', 'user data', 'userdata'],
  ['one-time-code', 'recovery code', 'recovery codes', 'backup code', 'backup codes', '2fa code', 'pin code'],
];

/** Names too short to be the ending of others: `mapPin`, `boardingPass`. */
const EXACT: readonly Rule[] = [
  ['password', 'pass', 'pin', 'user pin', 'card pin', 'login pin', 'account pin'],
  ['card-code', 'csc'],
];

/** Tokens that only page through lists or make a request unique. */
const PUBLIC_TOKENS =
  /(?:^| )(?:next|page|continuation|pagination|paging|client|request|client request|idempotency|cursor|sync|previous|starting|marker|resume|creation|caller|http) tokens?$/;

const endings = new Map(ENDINGS.flatMap(([kind, ...names]) => names.map((name) => [name, kind] as const)));
const exact = new Map(EXACT.flatMap(([kind, ...names]) => names.map((name) => [name, kind] as const)));
const LONGEST_ENDING = 3;

/** Longer names are not names; nothing here is, and splitting them costs time. */
const MAX_NAME_LENGTH = 128;

/** A name that was itself redacted says nothing any more, or redacting twice would differ from once. */
const REDACTED = '[REDACTED:';

/** A name without the last word of any of them is none of them, which is told without finding its words. */
const LAST_WORDS = new RegExp(
  [...new Set([...endings.keys(), ...exact.keys()].map((name) => name.slice(name.lastIndexOf(' ') + 1)))].join('|'),
);

/** The same few member names come again in every entry; when others have filled the cache, it begins anew. */
const CACHE_SIZE = 5_000;
const cache = new Map<string, NamedKind | null>();

export function secretNamed(name: string): NamedKind | undefined {
  if (name.length < 3 || name.length > MAX_NAME_LENGTH || name.includes(REDACTED)) return undefined;
  if (!LAST_WORDS.test(name.toLowerCase())) return undefined;
  let kind = cache.get(name);
  if (kind === undefined) {
    kind = kindOf(name);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(name, kind);
  }
  return kind ?? undefined;
}

/** Kinds whose value is secret even as a number; a number of tokens is only a count. */
export function coversNumbers(kind: NamedKind): boolean {
  return kind !== 'token' && kind !== 'secret' && kind !== 'user-data';
}

function kindOf(name: string): NamedKind | null {
  const words = wordsOf(name);
  const whole = words.join(' ');
  const known = exact.get(whole);
  if (known !== undefined) return known;
  if (PUBLIC_TOKENS.test(whole)) return null;
  for (let length = Math.min(LONGEST_ENDING, words.length); length > 0; length--) {
    const kind = endings.get(words.slice(-length).join(' '));
    if (kind !== undefined) return kind;
  }
  return null;
}

/** Last words of a member that says which thing is meant, and not what is in it. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'id',
  'ids',
  'identifier',
  'uuid',
  'guid',
  'reference',
  'ref',
  'oid',
]);
/** Things whose identifier is a card's number, as a rule. */
const CARD_WORDS: ReadonlySet<string> = new Set(['card', 'cards', 'pan', 'payment', 'credit', 'debit', 'cc']);

/** `customerId`, `order_ref`, but not `cardId`. */
export function namesIdentifier(name: string): boolean {
  const words = wordsOf(name);
  return IDENTIFIERS.has(words.at(-1) ?? '') && !words.some((word) => CARD_WORDS.has(word));
}

export function namesCard(name: string): boolean {
  return wordsOf(name).some((word) => CARD_WORDS.has(word));
}

/** `X-Api-Key`, `apiKey`, `API_KEY2` and `APIKey` are all “api key”. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1);
  if (last === undefined || endings.has(last)) return words;
  const bare = last.replace(/\d+$/, '');
  return [...words.slice(0, -1), ...(bare === '' ? [] : [bare])];
}
