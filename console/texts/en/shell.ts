// The frame, and signing in.

export const shell = {
  opening: 'Opening',
  navigation: 'Audit trail',
  language: 'Language',
  theme: 'Theme',
  compact: 'Compact rows',
  settings: 'Settings of this browser',
  signOut: 'Sign out',
  tenant: (tenant: string) => `Organization: ${tenant}`,
  signedInAs: (name: string, tenant: string) => `Signed in as ${name}, organization ${tenant}`,
  actingAs: (role: string) => `Acting as ${role}`,
  nowhere: 'There is no such page for you',
  nowhereAdvice: 'The link may be mistyped, or lead to a page that your role does not have.',
  begin: 'Go to the first page',
  retry: 'Try again',
  requestCode: 'Code to quote:',
  copyCode: 'Copy the code',
  copied: 'Copied',
  notCopied: 'It could not be copied',
} as const;

/** Of the layout's own buttons, for who hears them. */
export const layout = {
  navigation: 'Pages',
  navigationToggle: 'Open the list of pages',
  navigationClose: 'Close the list of pages',
  notifications: 'Notices',
} as const;

/** Each in its own language, so that it is found by whoever speaks it. */
export const languages = { en: 'English', hi: 'हिन्दी' } as const;

export const themes = { system: 'As the device', light: 'Light', dark: 'Dark' } as const;

export const signIn = {
  title: 'Sign in',
  explained:
    'You are sent to the sign-in page of your organization, and come back here. Nothing that you type there reaches this page.',
  button: 'Sign in',
  again: 'Try again',
  expired: 'Your session has ended',
  expiredAdvice: 'Nothing is lost: sign in again, and you are where you were.',
  unreachable: 'The sign-in page can not be reached',
  unreachableAdvice:
    'Check your network, and try again. If others can’t sign in either, tell whoever runs this deployment.',
  failed: 'You were not signed in',
  failedAdvice: 'Try again. If it happens again, show these words to whoever manages your account:',
} as const;

export const chooseRole = {
  title: 'Choose a role',
  explained:
    'Your account has several roles. You act in one of them at a time, since each sees something else, and every read is recorded with it. You can change it later at the top of the page.',
  button: 'Continue',
} as const;

export const noRole = {
  title: 'Your account has no role',
  advice: 'Nothing can be shown without one. Ask whoever manages the accounts of your organization for a role.',
} as const;
