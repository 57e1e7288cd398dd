/** The one sign-in page: who to be. There are no passwords on one's own machine. */
import { ROLES } from '../../names/api.ts';

export interface SignInRequest {
  /** Sent back as they came, so that the answer belongs to this request. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly action: string;
  readonly fault?: string;
}

export function signInPage({ parameters, action, fault }: SignInRequest): string {
  const hidden = Object.entries(parameters)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('\n      ');
  const roles = ROLES.map((role) => `<option>${escaped(role)}</option>`).join('');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Sign in</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
      label { display: block; margin-top: 1rem; font-weight: 600; }
      input, select, button { font: inherit; width: 100%; padding: .5rem; box-sizing: border-box; }
      button { margin-top: 1.5rem; }
      .fault { color: #b00020; }
    </style>
  </head>
  <body>
    <h1>Sign in</h1>
    <p>To <strong>${escaped(parameters.client_id ?? '')}</strong>, on this machine only. Choose who you are.</p>
    ${fault === undefined ? '' : `<p class="fault" role="alert">${escaped(fault)}</p>`}
    <form method="post" action="${escaped(action)}">
      ${hidden}
      <label for="tenant">Tenant</label>
      <input id="tenant" name="tenant" value="acme" required autofocus autocomplete="organization">
      <label for="role">Role</label>
      <select id="role" name="role">${roles}</select>
      <label for="subject">User</label>
      <input id="subject" name="subject" value="me" required autocomplete="username">
      <label for="cases">Cases</label>
      <input id="cases" name="cases" placeholder="of an investigator: ids, separated by blanks" autocomplete="off">
      <button>Sign in</button>
    </form>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
