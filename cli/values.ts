/** The options of every command, as typed; each command checks those that it takes. */
export interface CommandValues {
  readonly tenant?: string;
  readonly role?: string;
  readonly subject?: string;
  readonly cases?: string;
  readonly token?: string;
  readonly url?: string;
  readonly 'aws-url'?: string;
  readonly bus?: string;
  readonly batch?: string;
  readonly seed?: string;
  readonly days?: string;
  readonly entries?: string;
  readonly print?: boolean;
  readonly stage?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
  readonly 'with-verifier'?: boolean;
  readonly keys?: string;
  readonly checkpoint?: string;
  readonly 'expect-through'?: string;
  readonly report?: string;
  readonly export?: string;
  readonly entry?: string;
  readonly live?: boolean;
  readonly full?: boolean;
  readonly paged?: boolean;
}
