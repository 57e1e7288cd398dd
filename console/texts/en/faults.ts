// What can go wrong, whether anything is lost, and what to do.

export const faults = {
  unreachable: {
    title: 'There is no answer',
    advice:
      'The network failed, or the service is down. Nothing is lost: what is recorded stays. Check your connection, and try again.',
  },
  'expired-session': {
    title: 'Your session has ended',
    advice: 'Nothing is lost. Sign in again.',
  },
  forbidden: {
    title: 'Your role may not do this',
    advice:
      'The refusal is recorded. If you need it for your work, ask the compliance officer of your organization, or act in another of your roles.',
  },
  missing: {
    title: 'There is nothing here for you',
    advice:
      'It does not exist, or your role does not see it. Links from colleagues show you what your own role may see.',
  },
  gone: {
    title: 'It has expired',
    advice: 'Its retention has ended and it was removed as the rules say. What was recorded stays provable.',
  },
  invalid: {
    title: 'This can not be asked for like that',
    advice: 'Nothing was changed. Correct what is named below.',
  },
  conflict: {
    title: 'Somebody else was first',
    advice: 'What you saw has changed meanwhile. Load it again, and repeat what you did if it is still right.',
  },
  busy: {
    title: 'The service is busy',
    advice: 'Nothing is lost. Wait some seconds, and try again.',
  },
  'not-recorded': {
    title: 'Nothing was handed out',
    advice: 'Every read of the trail is recorded first, and just now it could not be. Try again in some seconds.',
  },
  'not-intact': {
    title: 'What is stored does not verify',
    advice:
      'It is not shown, since it is not what was recorded. An alarm has been raised. Tell your compliance officer, with the code below.',
  },
  internal: {
    title: 'Something unexpected happened',
    advice:
      'What is recorded is not affected. Try again; if it stays, tell whoever runs this deployment, with the code below.',
  },
} as const;
