// One finding: where, what was expected, what was found, what to do, and the entries around.
import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { addressOfState, DEFAULT_STATE, type Place } from '../entries/state.ts';
import { hashOf } from '../shell/address.ts';
import { useWriting } from '../show/times.ts';
import { Value } from '../show/value.tsx';
import type { Texts } from '../texts/texts.ts';
import { useTexts } from '../texts/use.ts';
import { around, type Finding, matterOf } from './findings.ts';
import { VerdictShown } from './verdict.tsx';

export interface FindingShownProps {
  readonly finding: Finding;
  /** The role may look at entries. */
  readonly entries: boolean;
}

export function FindingShown({ finding, entries }: FindingShownProps) {
  const t = useTexts();
  const { number } = useWriting();
  const { code, verdict, object, expected, found } = finding;
  const matter = t.matters[matterOf(code)];
  return (
    <div className="finding">
      <SpaceBetween size="xs" direction="horizontal" alignItems="center">
        <VerdictShown value={verdict} />
        <Box variant="strong">{placeOf(t, finding, number)}</Box>
      </SpaceBetween>
      <Box variant="p">{matter.what}</Box>
      <dl className="fields">
        <Term name={t.verification.expected} text={expected} />
        <Term name={t.verification.gotInstead} text={found} />
        {object !== undefined && <Term name={t.verification.object} text={object} />}
        <Term name={t.verification.code} text={code} />
      </dl>
      <Box variant="p">
        <strong>{t.verification.toDo}</strong> {matter.advice}
      </Box>
      {entries && <Entries finding={finding} />}
    </div>
  );
}

function Term({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div className="field">
      <dt>{name}</dt>
      <dd lang="en">
        <Value text={text} />
      </dd>
    </div>
  );
}

function placeOf(t: Texts, finding: Finding, number: (value: number) => string): string {
  const { tenant, chain, first, last, seal, digest } = finding;
  const parts = [
    tenant === undefined ? t.place.log : t.place.tenant(tenant),
    ...(chain === undefined ? [] : [t.place.chain(number(chain))]),
    ...(first === undefined
      ? []
      : [
          first === (last ?? first) ? t.place.position(number(first)) : t.place.positions(number(first), number(last!)),
        ]),
    ...(digest === undefined ? [] : [t.place.digest(number(digest))]),
    ...(seal === undefined ? [] : [t.place.seal(number(seal))]),
  ];
  return parts.join(' · ');
}

function Entries({ finding }: { readonly finding: Finding }) {
  const t = useTexts();
  const places = around(finding);
  if (places === undefined) return null;
  const { before, at, after } = places;
  return (
    <SpaceBetween size="s" direction="horizontal">
      {before !== undefined && <Link href={hashOfPlace(before)}>{t.verification.before}</Link>}
      <Link href={hashOfPlace(at)}>{t.verification.at}</Link>
      <Link href={hashOfPlace(after)}>{t.verification.after}</Link>
    </SpaceBetween>
  );
}

function hashOfPlace(open: Place): string {
  return hashOf('entries', addressOfState({ ...DEFAULT_STATE, range: 'all', open }));
}
