// The actor of a CloudTrail event.
import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_IDENTIFIER, MAX_NAME, MAX_ROLE } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { defined, plainText } from './text.ts';

type Actor = EntryInput['actor'];

const object = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const id = (...candidates: (JsonValue | undefined)[]) => first(candidates, MAX_IDENTIFIER);
const name = (...candidates: (JsonValue | undefined)[]) => first(candidates, MAX_NAME);
const role = (...candidates: (JsonValue | undefined)[]) => first(candidates, MAX_ROLE);

function first(candidates: readonly (JsonValue | undefined)[], max: number): string | undefined {
  for (const candidate of candidates) {
    const text = plainText(candidate, max);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What CloudTrail writes as the account of a caller without credentials. */
const ANONYMOUS = new Set(['anonymous', 'ANONYMOUS_PRINCIPAL']);

/**
 * Who acted, from CloudTrail's `userIdentity` (CloudTrail user guide, "userIdentity element"). The id is the principal
 * id where there is one: it is never used again, whereas a user's name can be.
 */
export function actorOf(identity: JsonValue | undefined): Actor {
  const user = object(identity);
  switch (user.type) {
    case 'Root':
      return withId('user', id(user.principalId, user.accountId), { name: 'root', role: 'root' });
    case 'IAMUser':
    case 'Directory':
    case 'FederatedUser':
      return withId('user', id(user.principalId, user.arn, user.userName), {
        name: name(user.userName, federatedName(user)),
        onBehalfOf: id(object(object(user.sessionContext).sessionIssuer).arn),
      });
    case 'IdentityCenterUser':
      return withId('user', id(object(user.onBehalfOf).userId, user.principalId), {
        name: name(user.userName),
      });
    case 'AssumedRole':
    case 'Role':
      return assumedRole(user);
    case 'SAMLUser':
    case 'WebIdentityUser':
      return withId('external', id(user.principalId, user.userName), {
        name: name(user.userName),
        onBehalfOf: id(user.identityProvider),
      });
    case 'AWSAccount':
      return otherAccount(user);
    case 'AWSService':
      return system(user);
    default:
      return unknownKind(user);
  }
}

/** Only system and anonymous actors may lack an id; whoever can't be named is anonymous, known by address alone. */
function withId(
  type: Actor['type'],
  identifier: string | undefined,
  rest: Partial<Record<keyof Actor, string | undefined>>,
): Actor {
  if (identifier === undefined && type !== 'system') return defined<Actor>({ ...rest, type: 'anonymous' } as Actor);
  return defined<Actor>({ type, id: identifier, ...rest } as Actor);
}

function federatedName(user: JsonObject): string | undefined {
  return user.type === 'FederatedUser' ? plainText(user.arn, MAX_NAME)?.split('/').at(-1) : undefined;
}

/**
 * A role session is a workload unless something says that a person is behind it: multi-factor authentication, a
 * session of IAM Identity Center, or a source identity.
 */
function assumedRole(user: JsonObject): Actor {
  const session = object(user.sessionContext);
  const issuer = object(session.sessionIssuer);
  const roleName = role(issuer.userName, issuer.arn);
  const [, sessionName] = (plainText(user.principalId, MAX_IDENTIFIER) ?? '').split(/:(.*)/s);
  const person =
    object(session.attributes).mfaAuthenticated === 'true' ||
    roleName?.startsWith('AWSReservedSSO_') === true ||
    plainText(session.sourceIdentity, MAX_NAME) !== undefined;
  return withId(person ? 'user' : 'service', id(user.principalId, user.arn, issuer.principalId, issuer.arn), {
    name: name(session.sourceIdentity, sessionName, roleName),
    role: roleName,
    onBehalfOf: id(user.invokedBy),
  });
}

function otherAccount(user: JsonObject): Actor {
  if (ANONYMOUS.has(String(user.accountId)) || ANONYMOUS.has(String(user.principalId))) return { type: 'anonymous' };
  const identifier = id(user.principalId, user.accountId);
  const invokedBy = id(user.invokedBy);
  if (identifier === undefined && invokedBy !== undefined) return system(user);
  return withId('external', identifier, { name: name(user.userName, user.accountId), onBehalfOf: invokedBy });
}

function system(user: JsonObject): Actor {
  const service = id(user.invokedBy, user.principalId, user.userName);
  return withId('system', service, { name: name(user.invokedBy) });
}

/** Service events carry an identity without a type, and new kinds appear before anyone here knows them. */
function unknownKind(user: JsonObject): Actor {
  if (plainText(user.invokedBy, MAX_NAME) !== undefined) return system(user);
  return withId('external', id(user.principalId, user.arn, user.userName), {
    name: name(user.userName),
    role: role(user.type),
  });
}
