/** Reading the members of a request (AWS JSON 1.1), refused in the words of Athena. */
import { Refusal } from '../aws/refusal.ts';

export type Input = Readonly<Record<string, unknown>>;

export function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidRequestException', message);
}

export function optionalText(input: Input, name: string, least = 1, most = 1_024): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length >= least && value.length <= most) return value;
  throw invalid(`Value at '${name}' must be text of ${least} to ${most} characters`);
}

export function text(input: Input, name: string, least = 1, most = 1_024): string {
  const value = optionalText(input, name, least, most);
  if (value === undefined) throw invalid(`1 validation error detected: Value at '${name}' must not be null`);
  return value;
}

export function texts(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  throw invalid(`Value at '${name}' must be a list of texts`);
}

export function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw invalid(`Value at '${name}' must be a whole number from ${least} to ${most}`);
}

export function section(input: Input, name: string): Input {
  const value = input[name] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Input;
  throw invalid(`Value at '${name}' must be an object`);
}

export function onlyKnown(input: Input, known: readonly string[]): void {
  const unknown = Object.entries(input).filter(([name, value]) => value !== null && !known.includes(name));
  if (unknown.length === 0) return;
  throw new Refusal(501, 'NotImplemented', `The local runtime does not implement ${unknown.map(([name]) => name)}.`);
}
