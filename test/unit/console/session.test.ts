// Signing in: what leaves the page, what is taken back, and that no token is kept anywhere.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { identityIn } from '../../../console/sign-in/claims.ts';
import { challengeOf, unguessable } from '../../../console/sign-in/pkce.ts';
import { Session } from '../../../console/sign-in/session.ts';
import type { ConsoleConfig } from '../../../names/console.ts';

const CLAIMS = { tenant: 'custom:tenant', role: 'custom:role', cases: 'custom:cases' };
const CONFIG: ConsoleConfig = {
  issuer: 'https://id.example',
  clientId: 'console',
  scope: 'openid',
  token: 'access',
  claims: CLAIMS,
};
const START = Date.parse('2026-03-01T00:00:00Z');
const SECONDS = START / 1000;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${encoded({ alg: 'RS256' })}.${encoded(claims)}.signature`;

/** A browser and an issuer, which keeps to RFC 6749 and RFC 7636 as far as a client can tell. */
class World {
  now = START;
  at = new URL('https://audit.example/#/entries?q=a');
  left: URL[] = [];
  asked: URLSearchParams[] = [];
  stored = new Map<string, string>();
  roles = 'compliance admin';
  down = false;
  refuses = false;
  lifetime = 3_600;

  session(config: Partial<ConsoleConfig> = {}): Session {
    return new Session(
      { ...CONFIG, ...config },
      {
        fetch: (async (url: string, init?: RequestInit) => this.#answer(url, init)) as typeof fetch,
        storage: {
          getItem: (name) => this.stored.get(name) ?? null,
          setItem: (name, value) => void this.stored.set(name, value),
          removeItem: (name) => void this.stored.delete(name),
        },
        address: () => this.at,
        leave: (url) => void this.left.push(new URL(url)),
        rewrite: (address) => {
          this.at = new URL(address);
        },
        now: () => this.now,
      },
    );
  }

  tokens(nonce: string | null) {
    const claims = {
      sub: 'u-1',
      'custom:tenant': 'acme',
      'custom:role': this.roles,
      exp: this.now / 1000 + this.lifetime,
    };
    return {
      access_token: jwt({ ...claims, kind: 'access' }),
      id_token: jwt({ ...claims, kind: 'id', ...(nonce === null ? {} : { nonce }) }),
      refresh_token: 'refresh-1',
    };
  }

  /** The browser comes back from the issuer. */
  comeBack(own: Record<string, string> = {}): void {
    const asked = this.left.at(-1)!.searchParams;
    const answer = new URLSearchParams({ code: 'code-1', state: asked.get('state') ?? '', ...own });
    this.at = new URL(`https://audit.example/?${answer}`);
  }

  #answer(url: string, init?: RequestInit): Response {
    if (this.down) throw new TypeError('network');
    if (url.endsWith('/.well-known/openid-configuration')) {
      return Response.json({
        authorization_endpoint: 'https://id.example/authorize?x=1',
        token_endpoint: 'https://id.example/token',
        end_session_endpoint: 'https://id.example/end',
      });
    }
    const form = new URLSearchParams(String(init?.body));
    this.asked.push(form);
    if (this.refuses) return Response.json({ error: 'invalid_grant', error_description: 'spent' }, { status: 400 });
    if (form.get('grant_type') === 'refresh_token') {
      const { refresh_token: _, ...renewed } = this.tokens(null);
      return Response.json(renewed);
    }
    const asked = this.left.at(-1)!.searchParams;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== asked.get('code_challenge')) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    return Response.json(this.tokens(asked.get('nonce')));
  }
}

async function signedIn(
  world = new World(),
  config: Partial<ConsoleConfig> = {},
): Promise<{ world: World; session: Session }> {
  await world.session(config).signIn();
  world.comeBack();
  const session = world.session(config);
  await session.start();
  return { world, session };
}

describe('proof key for code exchange', () => {
  test('the example of RFC 7636, appendix B', async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });
  test('a verifier has 43 characters that are allowed, and never comes twice', () => {
    const some = Array.from({ length: 100 }, unguessable);
    expect(some.every((one) => /^[A-Za-z0-9_-]{43}$/.test(one))).toBe(true);
    expect(new Set(some).size).toBe(100);
  });
});

describe('a sign-in', () => {
  test('leaves with a challenge and comes back to where it was', async () => {
    const { world, session } = await signedIn();
    const { origin, pathname, searchParams } = world.left[0]!;
    expect(origin + pathname).toBe('https://id.example/authorize');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ x: '1', response_type: 'code', client_id: 'console', scope: 'openid', code_challenge_method: 'S256' },
      redirect_uri: 'https://audit.example/',
    });
    expect(world.at.href).toBe('https://audit.example/#/entries?q=a');
    expect(session.state()).toMatchObject({
      ...{ kind: 'in', role: undefined },
      identity: { tenant: 'acme', subject: 'u-1', roles: ['compliance', 'admin'] },
    });
  });

  test('keeps no token, verifier or code where another page could find it', async () => {
    const { world } = await signedIn();
    expect(JSON.stringify([...world.stored])).not.toMatch(/ey[A-Za-z]|verifier|refresh|code-1/);
    expect(world.at.href).not.toContain('code-1');
  });

  test('sends the token that the deployment wants', async () => {
    const { session: access } = await signedIn();
    expect(await access.token()).toContain(encoded({ alg: 'RS256' }));
    const { session: id } = await signedIn(new World(), { token: 'id' });
    const kind = (token = '') => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).kind;
    expect([kind(await access.token()), kind(await id.token())]).toEqual(['access', 'id']);
  });

  test.each<[string, Record<string, string>, string]>([
    ['another state', { state: 'x' }, 'state_mismatch'],
    ['a refusal', { error: 'access_denied', error_description: 'not you' }, 'access_denied'],
  ])('%s is a failure that is said', async (_, own, code) => {
    const world = new World();
    await world.session().signIn();
    world.comeBack(own);
    const session = world.session();
    await session.start();
    expect(session.state()).toMatchObject({ kind: 'out', why: 'failed', fault: { code } });
    expect(world.asked).toEqual([]);
  });

  test('an answer that nobody here asked for is refused', async () => {
    const world = new World();
    world.at = new URL('https://audit.example/?code=stolen&state=x#/entries');
    const session = world.session();
    await session.start();
    expect(session.state()).toMatchObject({ kind: 'out', why: 'failed', fault: { code: 'state_mismatch' } });
    expect(world.at.href).toBe('https://audit.example/#/entries');
  });

  test('a token of another sign-in is refused', async () => {
    const world = new World();
    await world.session().signIn();
    world.tokens = () => ({ ...new World().tokens('another'), refresh_token: 'r' });
    world.comeBack();
    const session = world.session();
    await session.start();
    expect(session.state()).toMatchObject({ kind: 'out', why: 'failed', fault: { code: 'nonce_mismatch' } });
  });

  test('an issuer that can not be reached is said, and asked again', async () => {
    const world = new World();
    world.down = true;
    const session = world.session();
    await session.signIn();
    expect(session.state()).toMatchObject({ kind: 'out', why: 'failed', fault: { code: 'unreachable' } });
    world.down = false;
    await session.signIn();
    expect(world.left).toHaveLength(1);
  });

  test('a reload goes to the issuer at once, who was never signed in stays', async () => {
    const fresh = new World();
    await fresh.session().start();
    expect(fresh.left).toEqual([]);
    const { world } = await signedIn();
    await world.session().start();
    expect(world.left).toHaveLength(2);
  });
});

describe('a session', () => {
  test('is renewed once for all who wait, before its token ends', async () => {
    const { world, session } = await signedIn();
    const first = await session.token();
    world.now += 3_550_000;
    const [a, b] = await Promise.all([session.token(), session.token()]);
    expect([a === b, a === first]).toEqual([true, false]);
    expect(world.asked.filter((form) => form.get('grant_type') === 'refresh_token')).toHaveLength(1);
  });

  test('has expired when it can not be renewed, and not when the issuer is away', async () => {
    const { world, session } = await signedIn();
    world.now += 4_000_000;
    world.down = true;
    await session.token();
    expect(session.state().kind).toBe('in');
    world.down = false;
    world.refuses = true;
    expect(await session.token()).toBeUndefined();
    expect(session.state()).toEqual({ kind: 'out', why: 'expired' });
    // And a reload does not try by itself for ever.
    expect(world.stored.size).toBe(0);
  });

  test('keeps the chosen role over a renewal and a reload, and takes none that the token lacks', async () => {
    const { world, session } = await signedIn();
    session.choose('operator');
    expect(session.state()).toMatchObject({ role: undefined });
    session.choose('admin');
    await session.renew();
    expect(session.state()).toMatchObject({ role: 'admin' });
    expect((await signedIn(world)).session.state()).toMatchObject({ role: 'admin' });
    world.roles = 'compliance operator';
    expect((await signedIn(world)).session.state()).toMatchObject({ role: undefined });
  });

  test('ends at the issuer too', async () => {
    const { world, session } = await signedIn();
    await session.signOut();
    expect(await session.token()).toBeUndefined();
    const { pathname, searchParams } = world.left.at(-1)!;
    expect(pathname).toBe('/end');
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ client_id: 'console', post_logout_redirect_uri: 'https://audit.example/' },
      id_token_hint: expect.stringContaining('.'),
    });
    expect(world.stored.size).toBe(0);
  });

  test('ends at a user pool by the parameters that managed login has', async () => {
    const { world, session } = await signedIn(new World(), { logout: 'https://pool.auth.example/logout' });
    await session.signOut();
    expect(world.left.at(-1)!.href).toBe(
      'https://pool.auth.example/logout?client_id=console&logout_uri=https%3A%2F%2Faudit.example%2F',
    );
  });
});

describe('what a token says', () => {
  const claims = { sub: 's', exp: SECONDS, 'custom:tenant': 't', 'custom:role': 'writer nobody,compliance' };
  test('roles as the API reads the claim', () => {
    expect(identityIn(jwt(claims), CLAIMS)).toEqual({
      ...{ tenant: 't', subject: 's', name: 's', expires: SECONDS, roles: ['compliance', 'writer'] },
    });
    expect(identityIn(jwt({ ...claims, 'custom:role': ['admin', 7] }), CLAIMS)?.roles).toEqual(['admin']);
    expect(identityIn(jwt({ ...claims, email: 'a@b', name: '' }), CLAIMS)?.name).toBe('a@b');
  });
  test.each([
    '',
    'a.b.c',
    'x',
    `${encoded({})}.${encoded([])}.x`,
    jwt({ ...claims, exp: '1' }),
    jwt({ exp: 1, sub: 's' }),
  ])('%j says nothing', (token) => {
    expect(identityIn(token, CLAIMS)).toBeUndefined();
  });
});
