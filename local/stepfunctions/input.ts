/** Reading the members of a request (AWS JSON 1.0), refused in the words of Step Functions. */
import { Refusal } from '../aws/refusal.ts';
import { MOST_BYTES } from './errors.ts';

export type Input = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 80;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the API's own rule excludes them
const NOT_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/u;

function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw invalid(`1 validation error detected: Value at '${name}' must not be null`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Refusal(400, 'SerializationException', `${name} must be a string`);
  return value;
}

/** An ARN of this kind, such as `stateMachine` or `execution`. */
export function arn(input: Input, name: string, kind: string): string {
  const value = text(input, name);
  const rest = kind === 'execution' ? '[^:]+:[^:]+' : '[^:]+';
  if (!new RegExp(`^arn:aws:states:[^:]+:\\d{12}:${kind}:${rest}$`).test(value)) {
    throw new Refusal(400, 'InvalidArn', `Invalid Arn: '${value}'`);
  }
  return value;
}

export function whole(input: Input, name: string, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > most) {
    throw invalid(`Value at '${name}' must be a whole number from 0 to ${most}`);
  }
  return Number(value);
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'ValidationException', message);
}

export function demandName(name: string): void {
  if (name.length >= 1 && name.length <= LONGEST_NAME && !NOT_IN_NAMES.test(name)) return;
  throw new Refusal(400, 'InvalidName', `Invalid Name: '${name}'`);
}

export function demandInput(input: string): void {
  const size = Buffer.byteLength(input);
  if (size > MOST_BYTES) {
    throw new Refusal(400, 'InvalidExecutionInput', `The input has ${size} bytes, want at most ${MOST_BYTES}.`);
  }
  try {
    JSON.parse(input);
  } catch {
    throw new Refusal(400, 'InvalidExecutionInput', 'The input is not JSON.');
  }
}
