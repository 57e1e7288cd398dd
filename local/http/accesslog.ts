/** Access logs in the format that the stage declares: `$context.` variables replaced, `-` where there is no value. */
export type AccessRecord = Readonly<Record<string, string | number | undefined>>;

export function accessLine(
  format: string,
  record: AccessRecord,
  claims: Readonly<Record<string, unknown>> = {},
): string {
  return format.replace(/\$context\.([A-Za-z0-9_.:]*[A-Za-z0-9_])/g, (_, name: string) => {
    const claim = /^authorizer\.claims\.(.+)$/.exec(name)?.[1];
    const value = claim === undefined ? record[name] : claims[claim];
    return value === undefined || value === '' ? '-' : escaped(String(value));
  });
}

/** Formats are mostly JSON with the variables inside its strings, so a value must not end one. */
function escaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
