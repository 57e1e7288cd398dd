// Starts and follows executions of state machines.
import {
  DescribeExecutionCommand,
  paginateListStateMachines,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

/** An execution as it is now; of what has not ended yet, all but the status is absent. */
export interface ExecutionView {
  /** RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED. */
  readonly status: string;
  /** JSON, of one that succeeded. */
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Starts executions of state machines and tells what became of them. */
export class StateMachines {
  readonly #client: SFNClient;

  constructor(endpoint: URL | undefined) {
    this.#client = new SFNClient(endpoint === undefined ? {} : localOptions(endpoint));
  }

  /** ARN of the state machine of that name; undefined when there is none in this account and region. */
  async find(name: string): Promise<string | undefined> {
    for await (const page of paginateListStateMachines({ client: this.#client }, {})) {
      const found = page.stateMachines?.find((machine) => machine.name === name);
      if (found !== undefined) return found.stateMachineArn;
    }
    return undefined;
  }

  /** ARN of the new execution. An answer that is lost leaves one running. */
  async start(machine: string, input: unknown): Promise<string> {
    const start = new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) });
    return (await this.#client.send(start)).executionArn!;
  }

  async describe(execution: string): Promise<ExecutionView> {
    const found = await this.#client.send(new DescribeExecutionCommand({ executionArn: execution }));
    const { status, output, error, cause } = found;
    return { status: status!, output, error, cause };
  }
}

/** An explicit endpoint is a runtime on this machine, which takes any well-formed credentials. */
function localOptions(endpoint: URL) {
  return {
    endpoint: endpoint.href,
    region: process.env.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'local', secretAccessKey: 'local' },
  };
}
