/** The fields that documents share: docs/format.md, "Documents". */
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { CATEGORY_PATTERN, TENANT_PATTERN } from '../../names/patterns.ts';
import { RETENTION_PATTERN } from '../catalog/retention.ts';
import { MAX_CHAINS } from '../chain.ts';
import { DAY_PATTERN, TIME_PATTERN } from '../entry/time.ts';

export const strict = { additionalProperties: false } as const;

/** 32 bytes in lower-case hexadecimal. */
export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const Tenant = Type.String({ pattern: TENANT_PATTERN });
/** Whether there is such a category is for whoever checks the entries. */
export const Category = Type.String({ pattern: CATEGORY_PATTERN });
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Chain = Type.Integer({ minimum: 0, maximum: MAX_CHAINS - 1 });
/** An instant and a day that there are: nothing reads another meaning into them, and texts sort as times do. */
export const Time = Type.String({ pattern: TIME_PATTERN });
export const Day = Type.String({ pattern: DAY_PATTERN });
/** An ISO 8601 duration or `permanent`. */
export const Keep = Type.String({ maxLength: 64, pattern: RETENTION_PATTERN });
/** One line of a log's checkpoint, which is also the name of its keys: no space, no plus sign. */
export const Origin = Type.String({ pattern: '^[^\\s+]{1,255}$' });

const MAX_KEY = 1_024;

/** One version of one object, and the bytes that it has to have. */
export const ObjectRef = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: MAX_KEY }),
    version: Type.String({ minLength: 1, maxLength: MAX_KEY }),
    sha256: Hash,
    bytes: Count,
  },
  strict,
);
export type ObjectRef = Static<typeof ObjectRef>;
