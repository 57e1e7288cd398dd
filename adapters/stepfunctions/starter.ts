// Starts executions, one for each name.
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** Executions of one state machine, one a name. Step Functions knows a name for 90 days after its execution has ended. */
export class ExecutionStarter {
  readonly #client: SFNClient;
  readonly #machine: string;

  constructor(client: SFNClient, machine: string) {
    this.#client = client;
    this.#machine = machine;
  }

  async start(name: string, input: object): Promise<void> {
    const start = new StartExecutionCommand({ stateMachineArn: this.#machine, name, input: JSON.stringify(input) });
    try {
      await this.#client.send(start);
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
