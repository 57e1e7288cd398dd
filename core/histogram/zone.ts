// Where days begin in a time zone.
import { DAY_MS } from '../../names/time.ts';

/** Beyond every offset from UTC that there is or was. */
const FAR_MS = DAY_MS;
/** A clock that is set shows the new time at least an hour before and after. */
const NEAR_MS = 3_600_000;

/** The zone's name is not one that there is. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError';
  readonly code = 'zone';
}

/** A time zone by its IANA name or its offset from UTC, such as `+05:30`. Days are numbered from 1970-01-01. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;

  /** Throws ZoneError. */
  constructor(name: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        ...{ timeZone: name, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
        ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
      });
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new ZoneError('no such time zone', { cause });
    }
  }

  /** The number of the day that the time, in epoch milliseconds, lies in. */
  dayOf(time: number): number {
    return Math.floor((time + this.#offsetAt(time)) / DAY_MS);
  }

  /** Its first moment, in epoch milliseconds. A midnight that clocks leave out is when they are set. */
  beginningOf(day: number): number {
    const local = day * DAY_MS;
    const around = [local - FAR_MS, local - NEAR_MS, local, local + NEAR_MS, local + FAR_MS];
    const offsets = [...new Set(around.map((time) => this.#offsetAt(time)))];
    const midnights = offsets.map((offset) => local - offset);
    const real = midnights.filter((time) => time + this.#offsetAt(time) === local);
    return real.length > 0 ? Math.min(...real) : Math.max(...midnights.filter((time) => this.dayOf(time) >= day));
  }

  /** What local clocks are ahead of UTC, in milliseconds. */
  #offsetAt(time: number): number {
    const second = Math.floor(time / 1_000) * 1_000;
    const parts = this.#format.formatToParts(second);
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)!.value);
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - second;
  }
}
