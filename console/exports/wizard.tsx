// A new export in three steps: what of, in which form, and a look at it before anything is started.
import Wizard from '@cloudscape-design/components/wizard';
import { useState } from 'react';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { SearchBar } from '../entries/search-bar.tsx';
import { go, hashOf, useAddress } from '../shell/address.ts';
import type { PageProps } from '../shell/page.ts';
import type { Preview } from '../show/preview.ts';
import { useAction } from '../show/use-action.ts';
import { useTexts } from '../texts/use.ts';
import { CheckStep } from './check-step.tsx';
import { FormStep } from './form-step.tsx';
import { rememberCount } from './progress.ts';
import { addressOfNew, bodyOf, type NewExport, newExportOf } from './request.ts';

export function ExportWizard({ api, identity, role }: PageProps) {
  const t = useTexts();
  const { state } = useAddress();
  const wanted = newExportOf(state);
  const [found, setFound] = useState<Preview>();
  const change = (by: Partial<NewExport>, how: 'push' | 'replace' = 'replace'): void =>
    go(hashOf('exports', addressOfNew({ ...wanted, ...by })), how);
  const starting = useAction(async (key) => {
    const body = bodyOf(wanted, identity.subject, Date.now());
    const job = await api.call('startExport', { headers: { 'idempotency-key': key }, body });
    if (found !== undefined && !found.more && found.beyond === undefined) rememberCount(job.id, found.count);
    go(hashOf('exports', new URLSearchParams({ id: job.id })));
  });
  const readable = isReadable(wanted.question.q);
  return (
    <Wizard
      activeStepIndex={readable ? wanted.step : 0}
      isLoadingNextStep={starting.running}
      i18nStrings={{ submitButton: t.exports.start, optional: t.exports.optional }}
      onCancel={() => go(hashOf('exports'))}
      onNavigate={({ detail }) => {
        starting.clear();
        if (readable) change({ step: detail.requestedStepIndex }, 'push');
      }}
      onSubmit={() => {
        if (found !== undefined && found.count > 0) starting.run();
        else if (found?.beyond !== undefined) starting.run();
      }}
      steps={[
        {
          ...{ title: t.exports.steps.question, description: t.exports.steps.questionAdvice },
          content: (
            <SearchBar
              state={wanted.question}
              seen={[]}
              save={undefined}
              onChange={(by) => change({ question: { ...wanted.question, ...by } })}
            />
          ),
        },
        {
          ...{ title: t.exports.steps.form, description: t.exports.steps.formAdvice },
          content: <FormStep wanted={wanted} onChange={change} />,
        },
        {
          ...{ title: t.exports.steps.check, description: t.exports.steps.checkAdvice },
          content: (
            <CheckStep
              {...{ api, role, wanted, found, onFound: setFound }}
              subject={identity.subject}
              failure={starting.error}
            />
          ),
        },
      ]}
    />
  );
}

function isReadable(q: string): boolean {
  try {
    parseQuery(q);
    return true;
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}
