// What a route is made of in the description.
import type { TObject, TSchema } from 'typebox';
import type { OperationName } from '../../../core/access/policy.ts';
import type { ProblemSlug } from '../shared/problem.ts';

/** Operations that need no token. */
export type OpenOperation = 'readHealth' | 'readOpenApi' | 'readCheckpoint' | 'readLogTile' | 'readLogKeys';

/** What an answer of one status holds. */
export interface Answer {
  readonly description: string;
  /** By media type; a schema of the body where it is JSON. Absent: no body. */
  readonly content?: Readonly<Record<string, TSchema>>;
  /** By name in lower case. */
  readonly headers?: Readonly<Record<string, TSchema>>;
}

/** One route of the API: what is documented is what validates. Handlers are wired by `method` and `path`. */
export interface Operation {
  /** OpenAPI's operationId; operations with a token are those of the policy. */
  readonly name: OperationName | OpenOperation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** One of PATHS (names/api.ts). */
  readonly path: string;
  /** Heading under which it is listed. */
  readonly tag: string;
  readonly summary: string;
  /** CommonMark. */
  readonly description?: string;
  /** No token is asked for. */
  readonly open?: true;
  /** Members are the names in the path; absent: those in `path`, as text. */
  readonly pathParameters?: TObject;
  /** Query parameters by name. `role` is added to every operation with a token. */
  readonly query?: TObject;
  /** Headers by name in lower case. */
  readonly headers?: TObject;
  readonly body?: TSchema;
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it may be refused with, beside what every operation may: see document.ts. */
  readonly problems: readonly ProblemSlug[];
}
