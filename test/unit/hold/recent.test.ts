// Holds as they were a moment ago.
import { describe, expect, test } from '@jest/globals';
import { HOLD } from '../../../core/documents/hold.ts';
import { HoldContention, HoldEvents } from '../../../services/hold/events.ts';
import { RecentHolds } from '../../../services/hold/recent.ts';
import { MemoryLockedStore } from '../../fakes/locked-store.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

class World {
  now = NOON;
  looks = 0;
  readonly store = new MemoryLockedStore({ now: () => new Date(this.now) });
  readonly events = new HoldEvents(this.store, () => new Date(this.now));
  readonly recent = new RecentHolds(
    {
      read: (tenant) => {
        this.looks++;
        return this.events.read(tenant);
      },
      grew: (tenant, holds) => {
        this.looks++;
        return this.events.grew(tenant, holds);
      },
    },
    30_000,
    () => new Date(this.now),
  );

  async apply(id: string): Promise<void> {
    const at = new Date(this.now).toISOString();
    await this.events.append('acme', ({ holds }) =>
      holds.some((hold) => hold.id === id)
        ? undefined
        : {
            v: 1,
            kind: 'hold',
            tenant: 'acme',
            event: 'applied',
            id,
            at,
            by: 'c-1',
            role: 'compliance',
            reason: 'suit',
            scope: {},
          },
    );
  }

  async ids(): Promise<string[]> {
    return (await this.recent.of('acme')).map(({ id }) => id);
  }
}

describe('holds for whoever asks all the time', () => {
  test('are read once, and looked for at most every half minute', async () => {
    const world = new World();
    expect(await world.ids()).toEqual([]);
    await world.apply('h-1');
    world.now += 29_999;
    expect([await world.ids(), world.looks]).toEqual([[], 1]);
    world.now += 1;
    expect([await world.ids(), world.looks]).toEqual([['h-1'], 3]);
    for (let minute = 0; minute < 10; minute++) {
      world.now += 60_000;
      expect(await world.ids()).toEqual(['h-1']);
    }
    // One look each time, and nothing read.
    expect(world.looks).toBe(13);
  });

  test('are asked for once by many at once', async () => {
    const world = new World();
    await world.apply('h-1');
    const all = await Promise.all(Array.from({ length: 20 }, () => world.ids()));
    expect(all).toEqual(Array(20).fill(['h-1']));
    expect(world.looks).toBe(1);
  });

  test('are asked for again after a failure', async () => {
    const world = new World();
    await world.apply('h-1');
    const { list } = world.store;
    world.store.list = () => {
      throw new Error('away');
    };
    await expect(world.ids()).rejects.toThrow('away');
    world.store.list = list;
    expect(await world.ids()).toEqual(['h-1']);
  });
});

describe('events', () => {
  test('are what the oldest valid version says, for a reader who sees them for the first time too', async () => {
    const world = new World();
    const [key, later] = ['holds/tenant=acme/0000000000.json', 'holds/tenant=acme/0000000001.json'];
    world.store.plant(later, Buffer.from('{}'));
    await world.apply('h-1');
    const event = HOLD.parse(world.store.object(key).bytes);
    world.store.plant(key, HOLD.format({ ...event, id: 'h-2' }));
    world.store.plant(later, HOLD.format({ ...event, id: 'h-3', number: 1 }));
    world.store.plant(later, HOLD.format({ ...event, event: 'released', number: 1 }));
    const { holds } = await new HoldEvents(world.store, () => new Date(world.now)).read('acme');
    expect(holds.map(({ id, released }) => [id, released])).toEqual([
      ['h-1', undefined],
      ['h-3', undefined],
    ]);
  });

  test('take the next slot behind what is none', async () => {
    const world = new World();
    world.store.plant('holds/tenant=acme/0000000000.json', Buffer.from('{}'));
    await world.apply('h-1');
    expect(world.store.keys('holds/')).toHaveLength(2);
    const { holds, next } = await world.events.read('acme');
    expect([holds.map(({ id }) => id), next]).toEqual([['h-1'], 2]);
  });

  test('of another tenant or another slot count for nothing', async () => {
    const world = new World();
    await world.apply('h-1');
    const { bytes } = world.store.object('holds/tenant=acme/0000000000.json');
    world.store.plant('holds/tenant=globex/0000000000.json', bytes);
    world.store.plant('holds/tenant=acme/0000000001.json', bytes);
    expect(await world.events.read('globex')).toEqual({ holds: [], next: 1 });
    expect(await world.events.read('acme')).toMatchObject({ holds: [{ id: 'h-1' }], next: 2 });
  });

  test('are not read whole when they are larger than any event', async () => {
    const world = new World();
    world.store.plant('holds/tenant=acme/0000000000.json', new Uint8Array(70_000));
    const fetched: string[] = [];
    const fetch = world.store.fetch.bind(world.store);
    world.store.fetch = (key, version) => {
      fetched.push(key);
      return fetch(key, version);
    };
    expect(await world.events.read('acme')).toEqual({ holds: [], next: 1 });
    expect(fetched).toEqual([]);
  });

  test('give up when every slot is taken by somebody else', async () => {
    const world = new World();
    world.store.create = async () => undefined;
    await expect(world.apply('h-1')).rejects.toThrow(HoldContention);
  });
});
