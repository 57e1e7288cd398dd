// The last step: how much it is, ten rows of it, and what the files will show.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect } from 'react';
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import { Fault } from '../shell/fault.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { type Preview, preview } from '../show/preview.ts';
import { PreviewShown } from '../show/preview-shown.tsx';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import { hasColumns, type NewExport, searchOfExport } from './request.ts';

export interface CheckStepProps {
  readonly api: Api;
  readonly role: AccessRole;
  readonly subject: string;
  readonly wanted: NewExport;
  /** What was found; undefined until it is there. */
  readonly found: Preview | undefined;
  readonly onFound: (found: Preview | undefined) => void;
  /** Why it could not be started. */
  readonly failure: unknown;
}

export function CheckStep({ api, role, subject, wanted, found, onFound, failure }: CheckStepProps) {
  const t = useTexts();
  const { q, range, order } = wanted.question;
  const { answer, error, again } = useAnswer(
    (signal) => preview(api, searchOfExport(wanted, subject, Date.now()), () => true, signal),
    [api, JSON.stringify({ q, range, order })],
  );
  // Whoever goes back and asks something else has not seen that yet.
  useEffect(() => {
    onFound(answer);
    return () => onFound(undefined);
  }, [answer, onFound]);
  const columns = wanted.fields.length === 0 ? t.exports.allColumns : wanted.fields.join(', ');
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: t.exports.of, value: q === '' ? t.exports.everything : <Value text={q} /> },
          { label: t.exports.format, value: t.formats[wanted.format].name },
          ...(hasColumns(wanted.format) ? [{ label: t.exports.columns, value: <Value text={columns} /> }] : []),
        ]}
      />
      {error !== undefined && <Fault error={error} onRetry={again} />}
      {error === undefined && found === undefined && (
        <Box>
          <Spinner /> {t.list.loading}
        </Box>
      )}
      {found !== undefined && <PreviewShown found={found} role={role} />}
      {found?.count === 0 && found.beyond === undefined && <Alert type="warning">{t.exports.nothing}</Alert>}
      <section aria-label={t.exports.proof}>
        <Box variant="h3" tagOverride="h2">
          {t.exports.proof}
        </Box>
        <Box variant="p">{t.exports.proves}</Box>
        <Box variant="p">{t.exports.provesNot}</Box>
      </section>
      {failure !== undefined && <Fault error={failure} />}
    </SpaceBetween>
  );
}
