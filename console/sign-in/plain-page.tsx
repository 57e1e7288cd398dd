// A page with one matter on it: signing in, choosing a role.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useEffect } from 'react';
import { LANGUAGES } from '../shell/choices.ts';
import { prefer, usePreferences } from '../shell/preferences.ts';
import { useTexts } from '../texts/use.ts';

export function PlainPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const t = useTexts();
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t]);
  return (
    <main className="plain-page">
      <SpaceBetween size="l">
        <Box textAlign="center" variant="strong" fontSize="heading-xl">
          {t.product}
        </Box>
        <Container header={<Header variant="h1">{title}</Header>}>{children}</Container>
        <LanguageChoice />
      </SpaceBetween>
    </main>
  );
}

function LanguageChoice() {
  const t = useTexts();
  const { language } = usePreferences();
  const options = LANGUAGES.map((value) => ({ value, label: t.languages[value], lang: value }));
  return (
    <Select
      ariaLabel={t.shell.language}
      selectedOption={options.find(({ value }) => value === language) ?? null}
      options={options}
      onChange={({ detail }) => {
        const chosen = LANGUAGES.find((one) => one === detail.selectedOption.value);
        if (chosen !== undefined) prefer({ language: chosen });
      }}
    />
  );
}
