// Lines of the log, and metrics in them.
import { describe, expect, test } from '@jest/globals';
import { logLine } from '../../../adapters/log.ts';
import { metricLine } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';

const TIME = new Date('2026-03-01T09:30:00Z');
const parsed = (fields: Record<string, unknown>) => JSON.parse(logLine(TIME, 'ERROR', 'failed', fields));

describe('a log line', () => {
  test('is one line of JSON', () => {
    const line = logLine(TIME, 'INFO', 'a\nb', { requestId: 'r', count: 3n });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      timestamp: '2026-03-01T09:30:00.000Z',
      level: 'INFO',
      message: 'a\nb',
      requestId: 'r',
      count: '3',
    });
  });

  test('names an error and its causes, and leaves out what else they carry', () => {
    const cause = Object.assign(new RangeError('too far'), { code: 'far', Item: { entries: 'payload' } });
    const { error } = parsed({ error: new Error('outer', { cause }) });
    expect(error).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: {
        name: 'RangeError',
        message: 'too far',
        code: 'far',
        stack: expect.arrayContaining([expect.stringMatching(/^at /)]),
      },
    });
    expect(JSON.stringify(error)).not.toContain('payload');
  });

  test('does not quote what JSON.parse could not read', () => {
    let thrown: unknown;
    try {
      JSON.parse('secret!');
    } catch (error) {
      thrown = error;
    }
    expect(JSON.stringify(parsed({ error: thrown }))).not.toContain('secret');
  });

  test('survives a cycle of causes and things that are no errors', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect(parsed({ error: one }).error.cause.cause.message).toBe('one');
    expect(parsed({ error: 'text' }).error).toEqual({ name: 'string', message: expect.any(String) });
  });
});

test('a metric is one line in the embedded metric format', () => {
  const line = metricLine(TIME, METRICS.entriesRecorded, 5, 'Count', { function: 'ingest' });
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: TIME.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'Indelible',
          Dimensions: [['function']],
          Metrics: [{ Name: 'EntriesRecorded', Unit: 'Count' }],
        },
      ],
    },
    function: 'ingest',
    EntriesRecorded: 5,
  });
});
