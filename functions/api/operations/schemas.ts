// Schemas that several operations share, and the components of the document.
import * as Type from 'typebox';
import { MAX_CHAINS } from '../../../core/chain.ts';
import { EntryInputSchema, EntrySchema } from '../../../core/entry/schema.ts';
import { GAP_REASONS } from '../../../core/gap/gap.ts';
import { EntryProofSchema } from '../../../core/proof/document.ts';

/** Refers to a schema of the description's components. */
export const ref = (name: keyof typeof COMPONENTS) => Type.Unsafe<unknown>({ $ref: `#/components/schemas/${name}` });

export const strict = { additionalProperties: false } as const;

export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in lower-case hexadecimal' });
export const TreeHash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: 'SHA-256 in base64' });
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Chain = Type.Integer({ minimum: 0, maximum: MAX_CHAINS - 1 });
export const Time = Type.String({ format: 'date-time' });

/** Of names and identifiers: visible text that an entry can hold, since requests are recorded with it. */
export const PlainText = (maxLength: number, meaning?: string) =>
  Type.String({
    ...{ minLength: 1, maxLength, pattern: '^(?=\\P{Cc}*\\S)\\P{Cc}*$' },
    description: `${meaning === undefined ? '' : `${meaning}: `}text without control characters, and not only blanks`,
  });

/** No store and no engine of queries can be asked for one. */
export const NO_NUL = '^[^\\u0000]*$';

/** An id as the product makes them: what is none names nothing, and never reaches a store. */
export const ID_PATTERN = '^[!-~]{1,128}$';
export const IdText = (meaning: string) =>
  Type.String({ pattern: ID_PATTERN, description: `${meaning}: 1 to 128 visible ASCII characters` });
/** Of the path. */
export const IdInPath = Type.Object({ id: IdText('an id') });

/** Where one entry is. */
export const PlaceInPath = Type.Object({ chain: Chain, position: Count });

const Limit = Type.Object(
  { name: Type.String(), value: Type.Number(), got: Type.Optional(Type.Number()) },
  { ...strict, description: 'a limit and its configured value' },
);

const Problem = Type.Object(
  {
    type: Type.String({ pattern: '^urn:indelible:problem:[a-z-]+$' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.Optional(Type.String({ pattern: '^urn:indelible:request:' })),
    limit: Type.Optional(Limit),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({ description: 'RFC 6901, into the body as sent, or to a parameter by its name' }),
            code: Type.String(),
            detail: Type.String(),
            line: Type.Optional(Type.Integer()),
            column: Type.Optional(Type.Integer()),
            limit: Type.Optional(Limit),
          },
          strict,
        ),
      ),
    ),
  },
  { description: 'RFC 9457; some types have members of their own' },
);

const GatewayMessage = Type.Object({ message: Type.String() }, { description: 'an answer of API Gateway itself' });

const integrity = { chain: Chain, position: Count, leafHash: Hash, link: Hash };
const entry = Type.Unsafe<unknown>({ $ref: '#/components/schemas/Entry' });

const FoundEntry = Type.Object(
  { entry, ...integrity },
  { ...strict, description: 'an entry, and what binds it to its chain' },
);

const Gap = Type.Object(
  {
    tenant: Type.String(),
    chain: Chain,
    first: Count,
    last: Count,
    reason: Type.Enum([...GAP_REASONS]),
    recovered: Type.Optional(Type.Literal(true, { description: 'the answer has them, from the archive' })),
  },
  {
    ...strict,
    description: 'positions, both included, whose entries the answer lacks or can not vouch for (docs/search.md)',
  },
);

const Receipt = Type.Object({ id: Type.String(), ...integrity, recordedAt: Time }, strict);

export const COMPONENTS = {
  Entry: EntrySchema,
  EntryInput: EntryInputSchema,
  EntryProof: EntryProofSchema,
  FoundEntry,
  Gap,
  GatewayMessage,
  Problem,
  Receipt,
} as const;
