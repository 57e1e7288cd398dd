/** Reading the members of a KMS request (AWS JSON 1.1), with KMS's ValidationException for what is missing or wrong. */
import { Refusal } from '../aws/refusal.ts';
import type { EncryptionContext } from './ciphertext.ts';

export type Input = Readonly<Record<string, unknown>>;

export function invalid(message: string): Refusal {
  return new Refusal(400, 'ValidationException', message);
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw invalid(`1 validation error detected: Value at '${name}' must not be null`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '') throw invalid(`Value at '${name}' must be a non-empty string`);
  return value;
}

/** A blob of 1 to `most` bytes. */
export function blob(input: Input, name: string, most: number): Buffer {
  const encoded = text(input, name);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) throw new Refusal(400, 'SerializationException', `${name} is not base64`);
  if (bytes.length < 1 || bytes.length > most) {
    throw invalid(`Value at '${name}' failed to satisfy constraint: Member must have length between 1 and ${most}`);
  }
  return bytes;
}

export function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw invalid(`Value at '${name}' must be a whole number from ${least} to ${most}`);
  }
  return value as number;
}

export function encryptionContext(input: Input, name = 'EncryptionContext'): EncryptionContext {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || Object.values(value).some((item) => typeof item !== 'string')) {
    throw invalid(`Value at '${name}' must be a map of strings`);
  }
  return value as EncryptionContext;
}
