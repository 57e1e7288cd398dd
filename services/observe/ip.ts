const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-f]{1,4}$/i;
const GROUPS = 8;

/** IPv4, or IPv6 in any of the spellings of RFC 4291 §2.2. */
export function isIpAddress(text: string): boolean {
  if (IPV4.test(text)) return true;
  if (!text.includes(':')) return false;
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const whole = IPV4.test(tail) ? `${text.slice(0, -tail.length)}0:0` : text;
  const halves = whole.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => GROUP.test(group))) return false;
  return halves.length === 2 ? groups.length < GROUPS : groups.length === GROUPS;
}
