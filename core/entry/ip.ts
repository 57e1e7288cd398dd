// Whether a text is an IP address.
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const GROUPS = 8;

/** IPv4 in dotted decimals without leading zeros, or IPv6 in any spelling of RFC 4291 §2.2; no zone, no prefix length. */
export function isIpAddress(text: string): boolean {
  if (!text.includes(':')) return IPV4.test(text);
  const [head, tail, ...others] = text.split('::');
  if (others.length > 0) return false;
  if (tail === undefined) return groupsOf(head!, true) === GROUPS;
  const [left, right] = [groupsOf(head!, false), groupsOf(tail, true)];
  return left >= 0 && right >= 0 && left + right < GROUPS;
}

/** How many 16-bit groups the text spells, an IPv4 address at the end counting as two; negative when it's none. */
function groupsOf(text: string, last: boolean): number {
  if (text === '') return 0;
  const groups = text.split(':');
  const embedded = last && IPV4.test(groups.at(-1)!) ? groups.pop() : undefined;
  return groups.every((group) => GROUP.test(group)) ? groups.length + (embedded === undefined ? 0 : 2) : -GROUPS;
}
