// What the reader last looked for, as links that ask it again.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import { stateOf } from '../entries/state.ts';
import { recordStateOf } from '../record/state.ts';
import { hashOf } from '../shell/address.ts';
import { Value } from '../show/value.tsx';
import { When } from '../show/when.tsx';
import { useTexts } from '../texts/use.ts';
import { forget, type Owner, type Recent, useRecent } from './recent.ts';

export function RecentBlock({ owner }: { readonly owner: Owner }) {
  const t = useTexts().home.recent;
  const recent = useRecent(owner);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.explained}
          actions={recent.length > 0 && <Button onClick={() => forget(owner)}>{t.clear}</Button>}
        >
          {t.title}
        </Header>
      }
    >
      {recent.length === 0 ? (
        <>
          <Box variant="strong">{t.none}</Box>
          <Box variant="p">{t.noneAdvice}</Box>
        </>
      ) : (
        <ol className="jobs">
          {recent.map((one) => (
            <li key={`${one.page}?${one.state}`}>
              <Link href={hashOf(one.page, new URLSearchParams(one.state))}>
                <Asked recent={one} />
              </Link>
              <Box color="text-body-secondary" fontSize="body-s">
                <When time={new Date(one.at).toISOString()} />
              </Box>
            </li>
          ))}
        </ol>
      )}
    </Container>
  );
}

function Asked({ recent: { page, state } }: { readonly recent: Recent }) {
  const t = useTexts().home.recent;
  const address = new URLSearchParams(state);
  if (page === 'entries') return <Value text={stateOf(address).q} short={160} />;
  const { type, id } = recordStateOf(address);
  return (
    <>
      {t.record} <Value text={type} short={60} /> <Value text={id} short={100} />
    </>
  );
}
