// Sending lines as entries.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { EntrySender } from '../../../cli/send/entries.ts';
import { Outcome } from '../../../cli/send/outcome.ts';

const LINE = { place: 'a.ndjson:1', index: 0, text: '{}', bytesRead: 2 };

/** Sends one line to an API that gives one answer. */
async function answered(status: number, body: string): Promise<Outcome> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = new Outcome();
  try {
    const sending = { api: new URL(`http://127.0.0.1:${port}`), token: 'token', outcome, batchSize: 100 };
    await new EntrySender(sending, LINE.text).send([LINE]);
    return outcome;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a token that API Gateway refuses is said to need another', async () => {
  await expect(answered(401, '{"message":"Unauthorized"}')).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringMatching(/^the API answered 401: Unauthorized; the token .* --token or INDELIBLE_TOKEN$/),
  });
});

test('a role that does not allow it is told as the API tells it', async () => {
  await expect(answered(403, '{"title":"T","detail":"This needs the role writer."}')).rejects.toMatchObject({
    message: 'the API answered 403: This needs the role writer.',
  });
});

test.each([
  ['{"message":"Bad Request"}', '400 Bad Request'],
  ['<html>', '400 <html>'],
  ['{}', '400 refused without a reason'],
])('an answer %s that is no problem gives its words as the reason', async (body, reason) => {
  expect((await answered(400, body)).summary()).toContain(reason);
});

test('an address that is another API ends the sending, and no line is said to be refused', async () => {
  await expect(answered(404, '{"message":"Not Found"}')).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: 'the API answered 404: Not Found',
  });
});
