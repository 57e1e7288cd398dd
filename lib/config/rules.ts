// What names and periods of a configuration have to be, wherever they stand.
import { CATEGORY_PATTERN, TENANT_PATTERN } from '../../names/patterns.ts';
import { parseDuration } from './duration.ts';
import type { Rule } from './reader.ts';

const TENANT = new RegExp(TENANT_PATTERN);
const CATEGORY = new RegExp(CATEGORY_PATTERN);
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;

export const TENANT_NAME: Rule = {
  want: 'a tenant: a letter or digit, then at most 127 more or . _ -',
  accepts: (text) => TENANT.test(text),
};
export const CATEGORY_NAME: Rule = {
  want: 'a category: lower-case letters, digits and _',
  accepts: (text) => CATEGORY.test(text),
};
export const SOURCE_NAME: Rule = { want: 'an event source', accepts: (text) => SOURCE.test(text) };
export const PLAN_NAME: Rule = {
  want: 'a plan: lower-case letters, digits and -',
  accepts: (text) => /^[a-z][a-z0-9-]{0,31}$/.test(text),
};
export const RETENTION: Rule = { want: "an ISO 8601 duration such as P7Y, or 'permanent'", accepts: isRetention };

function isRetention(text: string): boolean {
  if (text === 'permanent') return true;
  const duration = parseDuration(text);
  return duration !== undefined && duration.years + duration.months + duration.seconds > 0;
}
