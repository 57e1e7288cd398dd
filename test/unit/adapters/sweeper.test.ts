// Starting sweeps of legal holds.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StateMachineSweeper } from '../../../adapters/stepfunctions/sweeper.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Hold';

/** Step Functions as far as starting goes: a name is taken once. */
class StartingService {
  readonly started = new Map<string, unknown>();
  down = false;
  readonly #server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { name, input, stateMachineArn } = JSON.parse(Buffer.concat(chunks).toString());
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    if (this.down) return answer(500, { __type: 'InternalServerException' });
    if (this.started.has(name))
      return answer(400, { __type: 'com.amazonaws.swf.service.v2.model#ExecutionAlreadyExists' });
    this.started.set(name, JSON.parse(input));
    return answer(200, { executionArn: `${stateMachineArn}:${name}`, startDate: 1 });
  });

  async open(): Promise<StateMachineSweeper> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const endpoint = `http://127.0.0.1:${port}`;
    return new StateMachineSweeper(
      new SFNClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }),
      MACHINE,
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('starting a sweep', () => {
  let service: StartingService;
  let sweeper: StateMachineSweeper;
  beforeEach(async () => {
    service = new StartingService();
    sweeper = await service.open();
  });
  afterEach(() => service.close());

  test('starts an execution of that name with the task as its input', async () => {
    await sweeper.start('hold-0-abc', { tenant: 'acme', hold: 'h-1' });
    expect([...service.started]).toEqual([['hold-0-abc', { tenant: 'acme', hold: 'h-1' }]]);
  });

  test('again under the same name is no error and starts nothing', async () => {
    await sweeper.start('hold-0-abc', { tenant: 'acme', hold: 'h-1' });
    await sweeper.start('hold-0-abc', { tenant: 'acme', hold: 'h-2' });
    expect([...service.started.values()]).toEqual([{ tenant: 'acme', hold: 'h-1' }]);
  });

  test('that fails for another reason says so', async () => {
    service.down = true;
    await expect(sweeper.start('hold-0-abc', { tenant: 'acme' })).rejects.toThrow();
  });
});
