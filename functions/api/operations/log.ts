// What needs no token in the API's description.
import * as Type from 'typebox';
import { PATHS } from '../../../names/api.ts';
import type { Operation } from './operation.ts';
import { strict } from './schemas.ts';

const text = (description: string) => ({ 'text/plain': Type.String({ description }) });

/** What everybody may ask. */
export const OPEN_OPERATIONS = {
  readCheckpoint: {
    ...{ name: 'readCheckpoint', method: 'GET', path: PATHS.logCheckpoint, tag: 'The digest log', open: true },
    summary: 'The newest signed checkpoint',
    answers: { 200: { description: 'C2SP tlog-checkpoint', content: text('a signed note') } },
    problems: ['not-found', 'not-intact'],
  },
  readLogTile: {
    ...{ name: 'readLogTile', method: 'GET', path: PATHS.logTile, tag: 'The digest log', open: true },
    summary: 'A tile or an entry bundle of the log',
    pathParameters: Type.Object({ proxy: Type.String() }),
    answers: {
      200: {
        description: 'C2SP tlog-tiles',
        content: { 'application/octet-stream': Type.String({ contentEncoding: 'binary' }) },
      },
    },
    problems: ['invalid-path', 'private-entries', 'not-found', 'not-intact'],
  },
  readLogKeys: {
    ...{ name: 'readLogKeys', method: 'GET', path: PATHS.logKeys, tag: 'The digest log', open: true },
    summary: "The log's verifier keys",
    answers: { 200: { description: 'C2SP signed-note', content: text('a key a line') } },
    problems: [],
  },
  readHealth: {
    ...{ name: 'readHealth', method: 'GET', path: PATHS.health, tag: 'Service', open: true },
    summary: 'Whether the service answers',
    answers: {
      200: {
        description: 'It does',
        content: { 'application/json': Type.Object({ status: Type.Literal('ok') }, strict) },
      },
    },
    problems: [],
  },
  readOpenApi: {
    ...{ name: 'readOpenApi', method: 'GET', path: PATHS.openapi, tag: 'Service', open: true },
    summary: 'This description',
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        content: { 'application/json': Type.Unsafe<unknown>({ type: 'object' }) },
      },
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
