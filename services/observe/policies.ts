// Policies inside requests: whom they let in, and whether they give everything.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { membersOf } from './members.ts';

/** Documents of policies in a request: as text, percent-encoded text, or objects. */
export function policiesIn(asked: JsonObject): JsonObject[] {
  return membersOf(asked).flatMap(({ value }) => {
    if (isJsonObject(value)) return 'Statement' in value ? [value] : [];
    return typeof value === 'string' ? documentOf(value) : [];
  });
}

function documentOf(text: string): JsonObject[] {
  if (!/^\s*(?:\{|%7B)/i.test(text)) return [];
  try {
    const parsed: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text));
    return isJsonObject(parsed as JsonValue) && 'Statement' in (parsed as JsonObject) ? [parsed as JsonObject] : [];
  } catch {
    // A policy that AWS took and this can't read is no reason to lose the event: it is judged by its name alone.
    return [];
  }
}

function statementsOf({ Statement: statements }: JsonObject): JsonObject[] {
  const list = Array.isArray(statements) ? statements : [statements];
  return list.flatMap((one) =>
    isJsonObject(one ?? null) && (one as JsonObject).Effect === 'Allow' ? [one as JsonObject] : [],
  );
}

/** Whether somebody unnamed is allowed something, on no condition that says who they have to be. */
export function isPublic(policy: JsonObject): boolean {
  return statementsOf(policy).some(
    ({ Principal, NotPrincipal, Condition }) =>
      (NotPrincipal !== undefined || has(Principal, '*')) && !restricts(Condition),
  );
}

/** Whether everything is allowed on everything: what an administrator has. */
export function isBoundless(policy: JsonObject): boolean {
  return statementsOf(policy).some(
    ({ Principal, Action, Resource, NotAction, Condition }) =>
      Principal === undefined &&
      Condition === undefined &&
      (has(Action, '*') || has(Action, '*:*') || NotAction !== undefined) &&
      has(Resource, '*'),
  );
}

/** Accounts that may enter, other than `own`. */
export function letsOthersIn(policy: JsonObject, own: string | undefined): boolean {
  return statementsOf(policy).some(({ Principal }) => accountsIn(Principal).some((account) => account !== own));
}

function accountsIn(principal: JsonValue | undefined): string[] {
  const aws = isJsonObject(principal ?? null) ? (principal as JsonObject).AWS : undefined;
  return (Array.isArray(aws) ? aws : [aws]).flatMap((one) => {
    if (typeof one !== 'string') return [];
    const [, account] = /^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(one) ?? [];
    return account === undefined ? [] : [account];
  });
}

/** Keys of conditions that say who or from where; AWS's own list of what makes a bucket's policy not public, and services' alike. */
const RESTRICTING =
  /(?:Source(?:Arn|Account|Owner|OrgID|OrgPaths|Vpc|Vpce|Ip|VpcArn)|Principal(?:OrgID|OrgPaths|Account|Arn|Tag\/.*|ServiceName.*)|CallerAccount|ViaService|userid|username|DataAccessPoint(?:Arn|Account)|AccessPointNetworkOrigin|ExternalId|:sub|:aud|FederatedProvider)$/i;
/** Tests that exclude some rather than admit some. */
const NEGATED = /Not(?:Equals|Like|IpAddress)|^NotIpAddress|^Null/i;

function restricts(condition: JsonValue | undefined): boolean {
  if (!isJsonObject(condition ?? null)) return false;
  return Object.entries(condition as JsonObject).some(
    ([operator, tests]) =>
      !NEGATED.test(operator) &&
      isJsonObject(tests) &&
      Object.entries(tests).some(([key, value]) => RESTRICTING.test(key) && !isEverybody(value)),
  );
}

const isEverybody = (value: JsonValue): boolean => ['*', '0.0.0.0/0', '::/0'].some((all) => has(value, all));

function has(value: JsonValue | undefined, wanted: string): boolean {
  if (Array.isArray(value)) return value.includes(wanted);
  if (value !== undefined && isJsonObject(value)) return Object.values(value).some((one) => has(one, wanted));
  return value === wanted;
}
