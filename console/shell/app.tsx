// What stands around everything: language, the deployment's description, and the session.
import { I18nProvider } from '@cloudscape-design/components/i18n';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { CONSOLE_CONFIG_PATH, type ConsoleConfig } from '../../names/console.ts';
import { ChooseRole } from '../sign-in/choose-role.tsx';
import { NoRole } from '../sign-in/no-role.tsx';
import { Session } from '../sign-in/session.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { loadedIn } from '../texts/loaded.ts';
import { useLanguage, useTexts } from '../texts/use.ts';
import { usePreferences } from './preferences.ts';
import { Shell } from './shell.tsx';

export function App() {
  const { language } = usePreferences();
  const ready = useLanguage(language);
  // Whoever changes the language goes on in the one before, with all that is on the page, until the other is there.
  const begun = useRef(false);
  if (!ready && !begun.current) return <Waiting />;
  begun.current = true;
  return (
    <I18nProvider locale={language} messages={[loadedIn(language).components]}>
      <Opening />
    </I18nProvider>
  );
}

/** Until it is known where people sign in. */
function Opening() {
  const [session, setSession] = useState<Session | 'failed'>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    let left = false;
    open().then(
      (opened) => !left && setSession(opened),
      () => !left && setSession('failed'),
    );
    return () => {
      left = true;
    };
  }, [attempt]);
  if (session === 'failed') {
    return (
      <SignIn
        why="unreachable"
        onSignIn={() => {
          setSession(undefined);
          setAttempt(attempt + 1);
        }}
      />
    );
  }
  return session === undefined ? <Waiting /> : <Signed session={session} />;
}

/** One for the page: a code can be exchanged once only, whatever is drawn twice. */
let opened: Promise<Session> | undefined;

function open(): Promise<Session> {
  opened ??= openSession().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function openSession(): Promise<Session> {
  const response = await fetch(CONSOLE_CONFIG_PATH, { cache: 'no-store' });
  if (!response.ok) throw new Error(`got status ${response.status} of ${CONSOLE_CONFIG_PATH}, want 200`);
  const session = new Session((await response.json()) as ConsoleConfig, {
    fetch: (...request) => fetch(...request),
    storage: sessionStorage,
    address: () => new URL(location.href),
    leave: (url) => location.assign(url),
    rewrite: (address) => history.replaceState(null, '', address),
    now: () => Date.now(),
  });
  await session.start();
  return session;
}

function Signed({ session }: { readonly session: Session }) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const signIn = () => void session.signIn();
  if (state.kind === 'starting') return <Waiting />;
  if (state.kind === 'out') return <SignIn why={state.why} fault={state.fault} onSignIn={signIn} />;
  const { identity, role } = state;
  if (role !== undefined) return <Shell session={session} identity={identity} role={role} />;
  const leave = () => void session.signOut();
  if (identity.roles.length === 0) return <NoRole identity={identity} onSignOut={leave} />;
  return <ChooseRole identity={identity} onChoose={(chosen) => session.choose(chosen)} onSignOut={leave} />;
}

function Waiting() {
  const t = useTexts();
  return (
    <main className="waiting" aria-busy="true" aria-label={t.shell.opening}>
      <Spinner size="large" />
    </main>
  );
}
