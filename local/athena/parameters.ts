/** Execution parameters: SQL literals that take the places of `?`, as EXECUTE IMMEDIATE … USING has it. */
import { Refusal } from '../aws/refusal.ts';

const LITERAL =
  /^(?:(?:(?:DATE|TIMESTAMP|TIME|DECIMAL)\s*)?'(?:[^']|'')*'|[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+|TRUE|FALSE|NULL)$/i;

/** Text, quoted names, comments, and the marks. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

export function withParameters(sql: string, parameters: readonly string[]): string {
  for (const parameter of parameters) {
    if (!LITERAL.test(parameter.trim())) {
      throw invalid(
        'Execution parameters must be literals here: numbers, TRUE, FALSE, NULL, or text in single quotes.',
      );
    }
  }
  let used = 0;
  const text = sql.replaceAll(TOKENS, (token) => (token === '?' ? (parameters[used++]?.trim() ?? '?') : token));
  if (used !== parameters.length) {
    throw invalid(`Incorrect number of parameters: expected ${used} but found ${parameters.length}`);
  }
  return text;
}

const invalid = (message: string) => new Refusal(400, 'InvalidRequestException', message);
