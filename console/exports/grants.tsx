// Who may have an export besides: an auditor who sees nothing else, for instance.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useWriting } from '../show/times.ts';
import { useAction } from '../show/use-action.ts';
import { Value } from '../show/value.tsx';
import { useTexts } from '../texts/use.ts';
import type { Export } from './progress.ts';

export interface GrantsProps extends Pick<PageProps, 'api'> {
  readonly job: Export;
  readonly onChange: () => void;
}

export function Grants({ api, job, onChange }: GrantsProps) {
  const t = useTexts();
  const { full } = useWriting();
  const [subject, setSubject] = useState('');
  const [granted, setGranted] = useState<readonly string[]>([]);
  const granting = useAction(async () => {
    const { grants } = await api.call('grantExport', { path: { id: job.id }, body: { subject: subject.trim() } });
    setGranted(grants);
    setSubject('');
    onChange();
  });
  const all = [...new Set([...job.grants, ...granted])];
  return (
    <section aria-label={t.exports.grants}>
      <SpaceBetween size="s">
        <Box variant="h3">{t.exports.grants}</Box>
        <div role="status">
          {all.length === 0 ? (
            t.exports.noGrants
          ) : (
            <ul className="plain">
              {all.map((one) => (
                <li key={one}>
                  <Value text={one} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (subject.trim() !== '') granting.run();
          }}
        >
          <FormField
            stretch
            label={t.exports.grantTo}
            description={t.exports.grantAdvice(full(job.expiresAt))}
            secondaryControl={
              <Button formAction="submit" disabled={subject.trim() === ''} loading={granting.running}>
                {t.exports.grant}
              </Button>
            }
          >
            <Input value={subject} spellcheck={false} onChange={({ detail }) => setSubject(detail.value)} />
          </FormField>
        </form>
        {granting.error !== undefined && <Fault error={granting.error} />}
      </SpaceBetween>
    </section>
  );
}
