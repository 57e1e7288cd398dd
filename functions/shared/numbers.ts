import type { HttpEvent } from './http.ts';
import { Problem, type ProblemSlug } from './problem.ts';

const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;

/** A path parameter that has to be a whole number from 0 to `most`. */
export function pathNumber(event: HttpEvent, name: string, most: number): number {
  return wholeNumber(event.pathParameters?.[name] ?? '', name, most, 'invalid-path');
}

/** A query parameter that has to be one, if it is there. */
export function queryNumber(event: HttpEvent, name: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = event.queryStringParameters?.[name];
  return text === undefined ? undefined : wholeNumber(text, name, most, 'invalid-query');
}

function wholeNumber(text: string, name: string, most: number, slug: ProblemSlug): number {
  const value = Number(text);
  if (WHOLE_NUMBER.test(text) && value <= most) return value;
  throw new Problem(slug, `The ${name} has to be a whole number from 0 to ${most}, in plain decimal digits.`);
}
