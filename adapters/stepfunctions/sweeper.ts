// Starts sweeps of legal holds.
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Sweeper } from '../../services/hold/port.ts';
import type { SweepTask } from '../../services/hold/steps.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Endpoint, region and credentials come from the standard environment. */
export function stateMachineClient(): SFNClient {
  return new SFNClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/** Executions of the sweep's state machine. Step Functions knows a name for 90 days after its execution has ended. */
export class StateMachineSweeper implements Sweeper {
  readonly #client: SFNClient;
  readonly #machine: string;

  constructor(client: SFNClient, machine: string) {
    this.#client = client;
    this.#machine = machine;
  }

  async start(name: string, task: SweepTask): Promise<void> {
    const start = new StartExecutionCommand({ stateMachineArn: this.#machine, name, input: JSON.stringify(task) });
    try {
      await this.#client.send(start);
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
