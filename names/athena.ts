/** The archive as Athena sees it. */
export const ATHENA = {
  workGroupEnv: 'ATHENA_WORKGROUP',
  databaseEnv: 'ATHENA_DATABASE',
  table: 'segments',
} as const;
