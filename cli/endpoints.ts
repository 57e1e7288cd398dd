// Where the API and AWS are.
import { CommandError, EXIT } from './exit.ts';

const DEFAULT_PORT = '8080';
const DEFAULT_AWS_PORT = '4566';

export function apiUrl(option: string | undefined): URL {
  return absolute(option ?? `http://127.0.0.1:${process.env.PORT ?? DEFAULT_PORT}`, '--url');
}

/** The endpoint for AWS calls; undefined lets the SDK find AWS itself. */
export function awsUrl(option: string | undefined): URL | undefined {
  if (option === 'aws') return undefined;
  return absolute(option ?? `http://127.0.0.1:${process.env.AWS_PORT ?? DEFAULT_AWS_PORT}`, '--aws-url');
}

function absolute(text: string, flag: string): URL {
  if (!URL.canParse(text)) throw new CommandError(EXIT.usage, `${flag} takes an absolute URL, got '${text}'`);
  return new URL(text);
}
