/** What suites share starts once, says why it can't, and ends whatever else fails. */
import { afterEach, expect, test } from '@jest/globals';
import { type SharedServer, type Starters, serveShared } from '../../shared/server.ts';

let server: SharedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function open(starters: Starters): Promise<(name: string) => Promise<[number, string]>> {
  server = await serveShared(starters);
  const { url } = server;
  return async (name) => {
    const response = await fetch(`${url}/${name}`);
    return [response.status, await response.text()];
  };
}

test('a thing starts when the first suite asks, once, however many ask', async () => {
  let starts = 0;
  let stops = 0;
  const ask = await open({
    thing: async () => {
      starts += 1;
      return {
        told: { serial: starts },
        stop: async () => {
          stops += 1;
        },
      };
    },
  });
  expect(starts).toBe(0);
  const told = await Promise.all([ask('thing'), ask('thing')]);
  expect([told, await ask('thing')]).toEqual([
    [
      [200, '{"serial":1}'],
      [200, '{"serial":1}'],
    ],
    [200, '{"serial":1}'],
  ]);
  await server!.stop();
  expect([starts, stops]).toEqual([1, 1]);
});

test('what can not start tells each suite why, and holds up nothing at the end', async () => {
  const ask = await open({ thing: async () => Promise.reject(new Error('Java is missing')) });
  expect([await ask('thing'), await ask('thing')]).toEqual([
    [500, 'Java is missing'],
    [500, 'Java is missing'],
  ]);
  await server!.stop();
});

test.each(['other', '__proto__', 'constructor', ''])('nothing is called %p', async (name) => {
  const ask = await open({ thing: async () => ({ told: {}, stop: async () => undefined }) });
  expect(await ask(name)).toEqual([404, `Nothing shared is called ${name}.`]);
});

test('a failure to end is told, after all others have ended', async () => {
  const ended: string[] = [];
  const ask = await open({
    stuck: async () => ({ told: {}, stop: async () => Promise.reject(new Error('it does not end')) }),
    thing: async () => ({ told: {}, stop: async () => void ended.push('thing') }),
  });
  await ask('stuck');
  await ask('thing');
  const stopping = server!.stop();
  server = undefined;
  await expect(stopping).rejects.toThrow('it does not end');
  expect(ended).toEqual(['thing']);
});
