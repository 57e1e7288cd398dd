/** Exit codes of every `indelible` command; scripts rely on them. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  /** What verifying found: docs/format.md, "Verifying". */
  altered: 10,
  missing: 11,
  truncated: 12,
  incomplete: 13,
  /** Absent bodies that only a tombstone excuses which nobody has signed for yet. */
  unconfirmed: 15,
  /** It is no evidence, or none of the log that the keys are of. */
  unusable: 14,
  /** By Ctrl-C, as shells number it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure whose message alone tells the user what to do; anything else that is thrown is a defect. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
