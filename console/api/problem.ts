// What became of a request that was not answered with what was asked for.
import type { Problem } from './operations.ts';

/** What a page has to tell apart; the rest is in the problem's own words. */
export type FaultKind =
  /** No answer: the network, or the server. */
  | 'unreachable'
  /** The session has ended. */
  | 'expired-session'
  /** The role, the plan or the case does not allow it. */
  | 'forbidden'
  /** There is no such thing for this reader. */
  | 'missing'
  /** The thing itself has expired. */
  | 'gone'
  /** What was asked for can't be read. */
  | 'invalid'
  /** Somebody else was first. */
  | 'conflict'
  /** Too much at once: later again. */
  | 'busy'
  /** Nothing was handed out since the read could not be recorded. */
  | 'not-recorded'
  /** What is stored does not verify. */
  | 'not-intact'
  | 'internal';

export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly kind: FaultKind;
  /** 0 without an answer. */
  readonly status: number;
  readonly problem: Problem | undefined;
  /** Under which the logs know the request. */
  readonly requestId: string | undefined;

  constructor(kind: FaultKind, status: number, problem?: Problem, requestId?: string, options?: ErrorOptions) {
    super(problem?.detail ?? kind, options);
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.requestId = requestId;
  }
}

const REQUEST = 'urn:indelible:request:';

/** Of an answer that is none of success: problem details (RFC 9457), or API Gateway's own few words. */
export async function faultOf(response: Response): Promise<ApiFault> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = isProblem(body) ? body : undefined;
  const id = problem?.instance?.replace(REQUEST, '') ?? response.headers.get('apigw-requestid') ?? undefined;
  return new ApiFault(kindOf(response.status, slugOf(problem)), response.status, problem, id);
}

/** The last part of a problem's type. */
export function slugOf(problem: Problem | undefined): string | undefined {
  return problem?.type.split(':').at(-1);
}

const BY_SLUG: Readonly<Record<string, FaultKind>> = {
  'not-recorded': 'not-recorded',
  'not-intact': 'not-intact',
  'entry-lost': 'not-intact',
  'plan-limit': 'forbidden',
  'incomplete-token': 'forbidden',
};

const BY_STATUS: Readonly<Record<number, FaultKind>> = {
  400: 'invalid',
  401: 'expired-session',
  403: 'forbidden',
  404: 'missing',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  422: 'invalid',
  429: 'busy',
  503: 'busy',
};

function kindOf(status: number, slug: string | undefined): FaultKind {
  return (slug === undefined ? undefined : BY_SLUG[slug]) ?? BY_STATUS[status] ?? 'internal';
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { type, detail } = body as Record<string, unknown>;
  return typeof type === 'string' && typeof detail === 'string';
}
