/** Pages and files that the API serves as they are: infrastructure prepares them, one function serves them. */
import { CONSOLE_CONFIG_PATH } from './console.ts';

export const SITE = {
  /** Beside the function's code. */
  folder: 'site',
  /** In that folder: what is served under which path. */
  index: 'site.json',
} as const;

/** Paths that are served without a token, as API Gateway has them. They are no operations of the API. */
export const SITE_PATHS = {
  console: '/',
  consoleConfig: CONSOLE_CONFIG_PATH,
  assets: '/assets/{proxy+}',
  verifier: '/verify',
  command: '/indelible-verify.mjs',
  sums: '/verifiers.sha256',
} as const;

/** What a file is sent as. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One file under its path. */
export interface SiteEntry {
  /** By name in lower case, whatever it is sent as. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the file itself, in hexadecimal. */
  readonly sha256: string;
  /** Names in the folder, by what is in them. */
  readonly bodies: { readonly identity: string } & Readonly<Partial<Record<Encoding, string>>>;
}

/** Files by their path, such as `/verify`. */
export type SiteIndex = Readonly<Record<string, SiteEntry>>;
