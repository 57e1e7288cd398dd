// The console as infrastructure, the local runtime and the page itself name it.

/** Where the page finds out about its deployment. */
export const CONSOLE_CONFIG_PATH = '/console-config.json';

/** The environment variable that holds the document, as JSON. */
export const CONSOLE_CONFIG_ENV = 'CONSOLE_CONFIG';

/** The environment variable with the origins that the page may ask besides its own, the issuer's: with blanks between them. */
export const CONSOLE_ORIGINS_ENV = 'CONSOLE_ORIGINS';

/** What the page is told: public, since a browser needs it before anybody has signed in. */
export interface ConsoleConfig {
  /** Of tokens; its discovery document names everything else. */
  readonly issuer: string;
  /** Of a public client (no secret) that may use the authorization code flow with PKCE. */
  readonly clientId: string;
  /** Scopes to ask for, with blanks between them. */
  readonly scope: string;
  /** Which of the issuer's two tokens the API takes. Cognito's access tokens carry no attributes. */
  readonly token: 'access' | 'id';
  /**
   * Where a user pool ends its session. Its managed login has parameters of its own for that; other issuers name the place in
   * their discovery document.
   */
  readonly logout?: string;
  readonly claims: { readonly tenant: string; readonly role: string; readonly cases: string };
}
