/** The roles of the template, their permissions, and the access keys by which requests are known to come from them. */
import { createHash } from 'node:crypto';
import type { RoleCredentials, Roles } from '../../template/provisioner.ts';
import type { Statement } from './document.ts';
import type { RoleCaller } from './evaluate.ts';

/** Requests of a role show this session name. */
const SESSION = 'local';
const KEY_LENGTH = 16;
const SECRET_LENGTH = 40;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

interface Role {
  readonly arn: string;
  readonly name: string;
  readonly statements: Statement[];
}

export class RoleDirectory implements Roles {
  readonly #account: string;
  readonly #byName = new Map<string, Role>();
  readonly #byKey = new Map<string, Role>();

  constructor(account: string) {
    this.#account = account;
  }

  /** `path` begins and ends with a slash. */
  add(name: string, path: string, statements: readonly Statement[]): string {
    if (this.#byName.has(name)) throw new Error(`there is a role ${name} already`);
    const role = { arn: `arn:aws:iam::${this.#account}:role${path}${name}`, name, statements: [...statements] };
    this.#byName.set(name, role);
    this.#byKey.set(accessKeyId(role.arn), role);
    return role.arn;
  }

  permit(roleName: string, statements: readonly Statement[]): void {
    const role = this.#byName.get(roleName);
    if (!role) throw new Error(`there is no role ${roleName}`);
    role.statements.push(...statements);
  }

  /** The same at every start. Signatures aren't checked here, so that the secret protects nothing and is no secret. */
  credentials(roleArn: string): RoleCredentials {
    const role = this.#byName.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    if (role?.arn !== roleArn) throw new Error(`There is no role ${roleArn}.`);
    return {
      accessKeyId: accessKeyId(roleArn),
      secretAccessKey: digest(`secret of ${roleArn}`).toString('base64').slice(0, SECRET_LENGTH),
      sessionToken: digest(`session of ${roleArn}`).toString('base64url'),
    };
  }

  /** Any other key is the account's administrator: whoever can reach a loopback port owns the machine's account anyway. */
  caller(key: string): RoleCaller {
    const role = this.#byKey.get(key);
    if (role) {
      const shownArn = `arn:aws:sts::${this.#account}:assumed-role/${role.name}/${SESSION}`;
      return { kind: 'role', account: this.#account, arn: role.arn, shownArn, statements: role.statements };
    }
    const arn = `arn:aws:iam::${this.#account}:root`;
    return { kind: 'account', account: this.#account, arn, shownArn: arn, statements: EVERYTHING };
  }
}

export const ANONYMOUS: RoleCaller = { kind: 'anonymous', account: '', arn: '', shownArn: 'anonymous', statements: [] };

const EVERYTHING: readonly Statement[] = [
  {
    effect: 'Allow',
    actions: { not: false, patterns: ['*'] },
    resources: { not: false, patterns: ['*'] },
    conditions: [],
    variables: false,
  },
];

/** ASIA, as all temporary keys begin, and 16 characters that only this role gets. */
function accessKeyId(roleArn: string): string {
  const bytes = digest(`key of ${roleArn}`);
  return `ASIA${[...bytes.subarray(0, KEY_LENGTH)].map((byte) => BASE32[byte % BASE32.length]).join('')}`;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
