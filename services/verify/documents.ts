/** What a verification writes down on its way and at its end: canonical JSON, like every document of the archive. */
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { Chain, Count, ObjectRef, strict, Tenant, Time } from '../../core/documents/fields.ts';
import { VERDICTS } from '../../core/verify/finding.ts';
import { isVerificationId } from '../../names/verify.ts';

/** A hundred thousand tenants, and all the findings that are kept. */
const MAX_BYTES = 64 * 1024 * 1024;

const Verdict = Type.Enum(VERDICTS);
const Mode = Type.Enum(['incremental', 'full'] as const);

const head = <Kind extends string>(kind: Kind) => ({
  v: Type.Literal(DOCUMENT_VERSION),
  kind: Type.Literal(kind),
  id: Type.String(),
});

const rules = (kind: string) => ({
  kind,
  maxBytes: MAX_BYTES,
  check: ({ id }: { id: string }) => {
    if (!isVerificationId(id)) throw new DocumentError('shape', kind, 'got an id that no verification has');
  },
});

/** One of a tenant's digests, by its number and by the seal that made it. */
const DigestPlace = Type.Object({ number: Count, seal: Count }, strict);
export type DigestPlace = Static<typeof DigestPlace>;

/** A checkpoint that was seen: its note says for itself whether it is the log's. */
const SeenCheckpoint = Type.Object({ seal: Count, note: Type.String() }, strict);

export const FindingSchema = Type.Object(
  {
    code: Type.String(),
    verdict: Type.Enum(['incomplete', 'truncated', 'missing', 'altered'] as const),
    tenant: Type.Optional(Tenant),
    chain: Type.Optional(Chain),
    first: Type.Optional(Count),
    last: Type.Optional(Count),
    seal: Type.Optional(Count),
    digest: Type.Optional(Count),
    object: Type.Optional(Type.String()),
    expected: Type.String(),
    found: Type.String(),
  },
  strict,
);

export const TallySchema = Type.Object(
  { entries: Count, bytes: Count, intact: Count, expired: Count, missing: Count, altered: Count },
  strict,
);

/** A part of one tenant's check; a tenant that has none of them is checked as a whole. */
const Piece = Type.Object(
  {
    /**
     * `digests`: the digests, and the tombstones and holds that they bring. `lists`: segment lists. `chain`: hashes, entries
     * and the ledger. `objects`, `documents`: what lies under the keys.
     */
    part: Type.Enum(['digests', 'lists', 'chain', 'objects', 'documents'] as const),
    /** Of `chain`. */
    chain: Type.Optional(Chain),
    /** Of `lists` and `chain`: numbers of the first and the last digest. */
    first: Type.Optional(Count),
    last: Type.Optional(Count),
    /** Of `objects` and `documents`: keys behind `from` up to `to`; absent: from the first, to the last. */
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
  },
  strict,
);
export type Piece = Static<typeof Piece>;

const PlannedTenant = Type.Object(
  {
    tenant: Tenant,
    /** The newest seal made a digest of it. */
    sealed: Type.Boolean(),
    /** Of a tenant in pieces, since all have to agree: digests behind this one are checked; absent: all. */
    after: Type.Optional(DigestPlace),
    pieces: Type.Optional(Type.Array(Piece, { minItems: 1 })),
  },
  strict,
);
export type PlannedTenant = Static<typeof PlannedTenant>;

const Plan = Type.Object(
  {
    ...head('verification-plan'),
    mode: Mode,
    startedAt: Time,
    /** The one tenant that was asked for; absent: all of them. */
    tenant: Type.Optional(Tenant),
    /** The newest seal, up to which everything is checked; absent while nothing is sealed. */
    newest: Type.Optional(SeenCheckpoint),
    /** Why the log can't be read although its checkpoint is there. */
    unreadable: Type.Optional(Type.String()),
    /** The newest seal that the verification before saw. */
    before: Type.Optional(SeenCheckpoint),
    /** The log is checked from this seal on. */
    firstSeal: Count,
    /** Shard 0 checks the log, the others what services/verify/work.ts gives them. */
    shards: Count,
    /** By name. */
    tenants: Type.Array(PlannedTenant),
  },
  strict,
);
export type VerificationPlan = Static<typeof Plan>;
export const VERIFICATION_PLAN = documentCodec(Plan, rules('verification-plan'));

const checked = {
  /** Of every finding, also those that were left out. */
  verdict: Verdict,
  /** Digests behind this one were checked; absent: all of them. */
  after: Type.Optional(DigestPlace),
  /** The newest digest that was checked. */
  through: Type.Optional(DigestPlace),
  tally: TallySchema,
  /** What is no finding but worth knowing. */
  notes: Type.Array(Type.String()),
};

/** What was checked of one tenant. */
const Checked = Type.Object({ tenant: Tenant, ...checked }, strict);
export type Checked = Static<typeof Checked>;

/** Where a shard goes on: `at` is for the phase to understand. */
const Progress = Type.Object(
  {
    /** Index into the shard's work. */
    next: Count,
    /** Of the tenant that was begun, or of the piece of it. */
    begun: Type.Optional(Checked),
    phase: Type.Optional(Type.String()),
    at: Type.Optional(Type.Unknown()),
  },
  strict,
);
export type Progress = Static<typeof Progress>;

const kept = { findings: Type.Array(FindingSchema), findingsLeftOut: Count };

const Part = Type.Object(
  {
    ...head('verification-part'),
    shard: Count,
    number: Count,
    previous: Type.Optional(ObjectRef),
    /** Absent when the shard is done. */
    progress: Type.Optional(Progress),
    /** Of all that was found in this slice. */
    verdict: Verdict,
    /** What was finished in this slice, by its place in the work of all shards: tenants, and pieces of tenants. */
    checked: Type.Array(Type.Object({ item: Count, of: Checked }, strict)),
    ...kept,
  },
  strict,
);
export type VerificationPart = Static<typeof Part>;
export const VERIFICATION_PART = documentCodec(Part, rules('verification-part'));

const reported = { mode: Mode, startedAt: Time, verdict: Verdict, newest: Type.Optional(SeenCheckpoint) };

const Report = Type.Object(
  {
    ...head('verification-report'),
    ...reported,
    firstSeal: Count,
    /** Of the findings about the log that all tenants share. */
    logVerdict: Verdict,
    tenants: Type.Array(Checked),
    ...kept,
  },
  strict,
);
export type VerificationReport = Static<typeof Report>;
export const VERIFICATION_REPORT = documentCodec(Report, rules('verification-report'));

const TenantReport = Type.Object(
  { ...head('tenant-verification'), ...checked, ...reported, tenant: Tenant, ...kept },
  strict,
);
export type TenantReport = Static<typeof TenantReport>;
export const TENANT_REPORT = documentCodec(TenantReport, rules('tenant-verification'));
