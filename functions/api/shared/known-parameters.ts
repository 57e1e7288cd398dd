// Which query parameters a route takes, each once: one that is misspelled would otherwise ask for everything.
import { toPointer } from '../../../core/json/pointer.ts';
import { ROLES } from '../../../names/api.ts';
import type { HttpEvent } from './http.ts';
import { Problem } from './problem.ts';

/** The role that a caller with several acts in (docs/access.md): every operation with a token takes it. */
export const ROLE_PARAMETER = 'role';

/** Characters of a name that is repeated in an answer. */
const MOST_SHOWN = 60;

type Asked = Pick<HttpEvent, 'queryStringParameters' | 'rawQueryString'>;

/** The parts of an operation that say which parameters it takes. */
interface Takes {
  readonly name: string;
  readonly open?: true;
  readonly query?: { readonly properties: Readonly<Record<string, unknown>> };
}

/**
 * Throws Problem invalid-query for a parameter that the operation does not have, with those that it has; for one that is
 * given twice; and for a role that there is none of.
 */
export function refuseUnknownParameters(event: Asked, operation: Takes | undefined): void {
  const names = Object.keys(operation?.query?.properties ?? {});
  const known = operation?.open === true ? names : [...names, ROLE_PARAMETER];
  const given = namesIn(event);
  for (const name of given) if (!known.includes(name)) throw unknown(name, known);
  const twice = given.find((name, i) => given.indexOf(name) < i);
  if (twice !== undefined) {
    throw refused(
      twice,
      'given-twice',
      `The ${twice} is given twice, want it once; commas separate what are alternatives.`,
    );
  }
  const role = event.queryStringParameters?.[ROLE_PARAMETER];
  if (role !== undefined && !ROLES.some((one) => one === role)) {
    throw refused(ROLE_PARAMETER, 'not-allowed', `The role has to be one of ${ROLES.join(', ')}.`);
  }
}

/** API Gateway joins the values of a parameter that is given twice; the query as it was sent tells. */
function namesIn({ queryStringParameters, rawQueryString = '' }: Asked): string[] {
  const sent = [...new URLSearchParams(rawQueryString).keys()];
  const others = Object.keys(queryStringParameters ?? {}).filter((name) => !sent.includes(name));
  return [...sent, ...others];
}

function unknown(name: string, known: readonly string[]): Problem {
  const alike = known.find((one) => one.toLowerCase() === name.toLowerCase());
  const meant = alike === undefined ? '' : ` Its name is ${alike}.`;
  const has = known.length === 0 ? 'This route takes none.' : `This route takes ${known.join(', ')}.`;
  const shown = name.slice(0, MOST_SHOWN);
  return refused(shown, 'unknown-parameter', `There is no parameter ${JSON.stringify(shown)}.${meant} ${has}`);
}

function refused(name: string, code: string, detail: string): Problem {
  return new Problem('invalid-query', detail, { errors: [{ pointer: toPointer([name]), code, detail }] });
}
