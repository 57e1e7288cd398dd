// Passwords in command lines and SQL statements, where no sign stands between the name and the value.
import { secretNamed } from './names.ts';
import type { Range } from './ranges.ts';
import { isState } from './states.ts';

/** A command's own words, up to the next command; bounded, so that searching stays linear. */
const WORDS = '\\b[^\\n|;&]{0,500}?[ \\t]';
const VALUE = '["\']?([^\\s"\']{1,255})';

/** `expression`'s first group is the password. */
const COMMANDS: readonly RegExp[] = [
  `curl${WORDS}(?:-[A-Za-z]{0,8}[uU]|--user|--proxy-user)(?:[ \\t=]{0,4})["']?[^\\s:"']{0,255}:([^\\s"']{1,255})`,
  `(?:mysql|mariadb)[\\w-]{0,20}${WORDS}-p(?=[^\\s-])${VALUE}`,
  `(?:sshpass|(?:docker|podman|buildah|skopeo|oras|az|helm[ \\t]registry)[ \\t]login|mongo\\w{0,12})${WORDS}-p[ \\t]{0,4}(?![-\\s])${VALUE}`,
  `(?:7za?|unzip|zip|rar|unrar)${WORDS}-(?:p|P[ \\t]{1,4})(?=[^\\s-])${VALUE}`,
  `redis-cli${WORDS}-a[ \\t]{1,4}${VALUE}`,
  `ldap(?:search|modify|add|delete|passwd|whoami)${WORDS}-w[ \\t]{1,4}${VALUE}`,
  `(?:sqlcmd|bcp|osql|isql)${WORDS}-P[ \\t]{0,4}${VALUE}`,
  `openssl${WORDS}-pass(?:in|out)?[ \\t]{1,4}pass:${VALUE}`,
].map((source) => new RegExp(`(?<![\\w-])${source}`, 'g'));

/** `-pS3cret` of a command that isn't named: no other option looks like a password with a capital and a digit. */
const GLUED = /(?<![\w-])-p(?=[^\s]{0,255}\d)(?=[^\s]{0,255}[A-Z])([A-Za-z][^\s"'=:/,]{5,255})(?=["'\s]|$)/g;

/** `--password x`: an option and its value as two words. */
const OPTION =
  /(?<![\w-])--([A-Za-z][\w-]{1,63})[ \t]{1,4}(?!-)(?:"([^"\n]{1,255})"|'([^'\n]{1,255})'|([^\s"']{1,255}))/g;

const QUOTED = "N?\\\\?(?:'((?:[^'\\\\]|''){1,255})\\\\?'|\"([^\"\\\\]{1,255})\\\\?\")";
const GAP = '[ \\t\\r\\n]{1,4}';
const STATEMENTS: readonly RegExp[] = [
  `(?:old_)?password(?:[ \\t]{1,4}|[ \\t]{0,4}\\([ \\t]{0,4})${QUOTED}`,
  `identified${GAP}(?:with${GAP}\\S{1,64}${GAP})?(?:by|as)${GAP}(?:password${GAP}|values${GAP})?${QUOTED}`,
  `identified${GAP}by${GAP}(?!values|password|random)([^\\s'";,]{1,128})`,
  `identified${GAP}by${GAP}\\S{1,255}${GAP}replace${GAP}${QUOTED}`,
  `set${GAP}password${GAP}for${GAP}[^=\\n]{1,255}=[ \\t]{0,4}(?:password[ \\t]{0,4}\\([ \\t]{0,4})?${QUOTED}`,
].map((source) => new RegExp(`(?<![\\w$])${source}`, 'gi'));

/** A text without any of these holds nothing that is searched for here. */
export const COMMAND_CUES = '(?:^|\\s)-{1,2}[a-zA-Z]|password|identified';

export function findCommands(text: string): Range[] {
  const found: Range[] = [];
  for (const expression of [...COMMANDS, GLUED, ...STATEMENTS]) {
    for (const match of text.matchAll(expression)) add(found, match, match.slice(1), 'password');
  }
  for (const match of text.matchAll(OPTION)) {
    const kind = secretNamed(match[1]!);
    if (kind !== undefined && kind !== 'user-data') add(found, match, match.slice(2), kind);
  }
  return found;
}

/** The value is the end of the match, but for a quotation mark. */
function add(found: Range[], match: RegExpExecArray, groups: readonly (string | undefined)[], kind: string): void {
  const value = groups.find((group) => group !== undefined);
  if (value === undefined || isState(value)) return;
  const start = match.index + match[0].lastIndexOf(value);
  found.push({ start, end: start + value.length, kind });
}
