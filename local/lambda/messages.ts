/** What an environment and its worker thread say to each other. */

/** Lambda's function error, as callers get it in the payload. */
export interface FunctionError {
  readonly errorType?: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface WorkerSettings {
  /** The unpacked asset. */
  readonly taskRoot: string;
  /** For example `index.handler`. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Node.js 24 functions can't take a callback any more. */
  readonly refuseCallbacks: boolean;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'output'; readonly text: string }
  | { readonly type: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'error'; readonly requestId: string; readonly error: FunctionError }
  /** The environment is over: initialization failed, or something was thrown outside any invocation. */
  | { readonly type: 'fatal'; readonly error: FunctionError };
