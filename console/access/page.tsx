// Who one is here, what one's role sees, and what each role may do: the policy itself, which the API goes by.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { type AccessRole, OPERATIONS, type OperationName, POLICY, ROLE_ORDER } from '../../core/access/policy.ts';
import type { PageProps } from '../shell/page.ts';
import { useTexts } from '../texts/use.ts';

export default function AccessPage({ identity, role }: PageProps) {
  const t = useTexts();
  return (
    <ContentLayout header={<Header variant="h1">{t.pages.access}</Header>}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{t.access.you}</Header>}>
          <KeyValuePairs
            columns={4}
            items={[
              { label: t.access.name, value: <bdi>{identity.name}</bdi> },
              { label: t.access.subject, value: <bdi>{identity.subject}</bdi> },
              { label: t.access.tenant, value: <bdi>{identity.tenant}</bdi> },
              { label: t.access.role, value: t.roles[role].name },
            ]}
          />
          <Box variant="p">{t.roles[role].sees}</Box>
          <Box variant="p">{t.access.recorded}</Box>
        </Container>
        <Operations mine={role} />
      </SpaceBetween>
    </ContentLayout>
  );
}

const may = (role: AccessRole, operation: OperationName): boolean =>
  (POLICY[role].operations as readonly OperationName[]).includes(operation);

function Operations({ mine }: { readonly mine: AccessRole }) {
  const t = useTexts();
  return (
    <Table
      variant="container"
      stickyHeader
      header={
        <Header variant="h2" description={t.access.tableAdvice}>
          {t.access.table}
        </Header>
      }
      trackBy="operation"
      items={OPERATIONS.map((operation) => ({ operation }))}
      columnDefinitions={[
        {
          ...{ id: 'operation', header: t.access.operation, isRowHeader: true },
          cell: ({ operation }) => t.operations[operation],
        },
        ...ROLE_ORDER.map((role) => ({
          id: role,
          header: role === mine ? t.access.yours(t.roles[role].name) : t.roles[role].name,
          cell: ({ operation }: { readonly operation: OperationName }) =>
            may(role, operation) ? (
              <StatusIndicator type="success">{t.access.may}</StatusIndicator>
            ) : (
              <StatusIndicator type="stopped" colorOverride="grey">
                {t.access.mayNot}
              </StatusIndicator>
            ),
        })),
      ]}
      ariaLabels={{ tableLabel: t.access.table }}
    />
  );
}
