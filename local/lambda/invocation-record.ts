/** The invocation record, as "Capturing records of Lambda asynchronous invocations" shows it. */
import type { InvokeResult } from '../template/provisioner.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

interface Invoked {
  readonly functionArn: string;
  readonly requestId: string;
  readonly payload: string;
  readonly attempts: number;
}

/** `now` in epoch milliseconds. */
export function invocationRecord(event: Invoked, condition: Condition, now: number, result?: InvokeResult): unknown {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(result && {
      responseContext: {
        statusCode: result.statusCode,
        executedVersion: '$LATEST',
        ...(result.functionError && { functionError: result.functionError }),
      },
      responsePayload: JSON.parse(result.payload) as unknown,
    }),
  };
}
