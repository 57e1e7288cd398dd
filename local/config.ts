/** The runtime's own environment, read once. */
import { resolve } from 'node:path';
import { StartFailure } from './failure.ts';

const DEFAULT_PORT = 8080;
const DEFAULT_AWS_PORT = 4566;
const DEFAULT_DATA = '.local';
const HIGHEST_PORT = 65_535;

export interface LocalConfig {
  /** The API and the issuer. */
  readonly port: number;
  /** The AWS endpoint. */
  readonly awsPort: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute path of the JSON file that overrides the stage configuration. */
  readonly configFile?: string;
}

export function readConfig(environment: Readonly<Record<string, string | undefined>>): LocalConfig {
  const port = portOf(environment, 'PORT', DEFAULT_PORT);
  const awsPort = portOf(environment, 'AWS_PORT', DEFAULT_AWS_PORT);
  if (port === awsPort) throw new StartFailure(`PORT and AWS_PORT are both ${port}; give them different ports.`);
  const configFile = environment.INDELIBLE_CONFIG;
  return {
    port,
    awsPort,
    dataDir: resolve(environment.INDELIBLE_DATA || DEFAULT_DATA),
    ...(configFile ? { configFile: resolve(configFile) } : {}),
  };
}

function portOf(environment: Readonly<Record<string, string | undefined>>, name: string, fallback: number): number {
  const text = environment[name];
  if (!text) return fallback;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > HIGHEST_PORT) {
    throw new StartFailure(`${name} must be a port from 1 to ${HIGHEST_PORT}, got '${text}'.`);
  }
  return port;
}
