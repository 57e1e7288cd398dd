/** The one sign-in page: who to be. There are no passwords on one's own machine. */
import { ROLES } from '../../names/api.ts';

/** What people are comes first. */
const OFFERED = [...ROLES].sort(
  (a, b) => Number(a === 'writer') - Number(b === 'writer') || (a === 'compliance' ? -1 : b === 'compliance' ? 1 : 0),
);

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
  const roles = OFFERED.map(
    (role, i) =>
      `<label class="role"><input type="checkbox" name="role" value="${escaped(role)}"${i === 0 ? ' checked' : ''}> ${escaped(role)}</label>`,
  ).join('\n        ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Sign in</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
      label { display: block; margin-top: 1rem; font-weight: 600; }
      fieldset { margin: 1rem 0 0; padding: .5rem; }
      legend { font-weight: 600; }
      .role { margin: 0; font-weight: 400; }
      .role input { width: auto; }
      input, button { font: inherit; width: 100%; padding: .5rem; box-sizing: border-box; }
      button { margin-top: 1.5rem; }
      .fault { color: #b00020; }
    </style>
  </head>
  <body>
    <main>
    <h1>Sign in</h1>
    <p>To <strong>${escaped(parameters.client_id ?? '')}</strong>, on this machine only. Choose who you are.</p>
    ${fault === undefined ? '' : `<p class="fault" role="alert">${escaped(fault)}</p>`}
    <form method="post" action="${escaped(action)}">
      ${hidden}
      <label for="tenant">Tenant</label>
      <input id="tenant" name="tenant" value="acme" required autofocus autocomplete="organization">
      <fieldset>
        <legend>Roles</legend>
        ${roles}
      </fieldset>
      <label for="subject">User</label>
      <input id="subject" name="subject" value="me" required autocomplete="username">
      <label for="cases">Cases</label>
      <input id="cases" name="cases" placeholder="of an investigator: ids, separated by blanks" autocomplete="off">
      <button>Sign in</button>
    </form>
    </main>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
