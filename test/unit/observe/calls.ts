// Reads calls/*.txt: records of CloudTrail, each with what a reader expects of it.
import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { trailEvent } from './events.ts';

const FOLDER = new URL('./calls/', import.meta.url);

/** `target` and `related` as `type id`, or `type id (name)`; no target is `-`. */
export interface ExpectedCall {
  readonly title: string;
  readonly event: JsonObject;
  readonly severity: string;
  readonly target: string;
  readonly related: readonly string[];
}

/**
 * A record is a line `service.Call request`, `< response` and `+ members of the record` if it has any, then
 * `= severity target` and `~ related; related`. Lines that begin with `#` are headings.
 */
export function expectedCalls(): ExpectedCall[] {
  return textsOf(FOLDER).flatMap((file) => {
    const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
    const blocks: string[][] = [];
    for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
      if (/^[<+=~] /.test(line)) blocks.at(-1)!.push(line);
      else blocks.push([line]);
    }
    return blocks.map((block) => expected(file, block));
  });
}

const textsOf = (folder: URL): string[] => readdirSync(folder).filter((file) => file.endsWith('.txt'));

function expected(file: string, [head, ...rest]: string[]): ExpectedCall {
  const [, service, eventName, request] = /^([\w-]+)\.(\w+) (.*)$/.exec(head!) as unknown as [
    string,
    string,
    string,
    string,
  ];
  const line = (mark: string) => rest.find((one) => one.startsWith(`${mark} `))?.slice(2);
  const json = (text: string | undefined) => (text === undefined ? null : (JSON.parse(text) as JsonValue));
  const [, severity, target] = /^(\w+) (.+)$/.exec(line('=') ?? '') ?? [];
  if (severity === undefined || target === undefined) throw new Error(`${file}: ${head} expects nothing`);
  const more = (json(line('+')) ?? {}) as JsonObject;
  const record = {
    ...{ eventSource: `${service}.amazonaws.com`, eventName, readOnly: false },
    ...{ requestParameters: json(request), responseElements: json(line('<')), ...more },
  };
  return {
    ...{ title: `${file} ${head}`, event: trailEvent(record), severity, target },
    related: line('~')?.split('; ') ?? [],
  };
}
