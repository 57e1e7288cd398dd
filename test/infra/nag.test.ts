// The rules of cdk-nag.
import { describe, expect, test } from '@jest/globals';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { declare, LOCAL_ISSUER } from './support.ts';

interface Acknowledged {
  readonly id: string;
  readonly reason?: string;
}

function acknowledgements(construct: IConstruct): Acknowledged[] {
  return construct.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>).map(([id, reason]) => ({ id, reason })));
}

describe("cdk-nag's AwsSolutions pack", () => {
  test.each([
    ['with a user pool of its own', {}],
    [
      'with everything that is optional',
      {
        oidc: LOCAL_ISSUER,
        alarmEmail: 'audit@example.com',
        cors: { origins: ['https://console.example.com'] },
        events: { awsSources: ['aws.guardduty'] },
      },
    ],
    ['with another name', { name: 'Staging' }],
  ])('finds nothing that is not acknowledged, %s', (_, config) => {
    const { app } = declare(config);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('stops the synthesis on a finding', () => {
    const { app } = declare();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow(/AwsSolutions-S1/);
  });

  test('is acknowledged with a reason each time', () => {
    const { app } = declare();
    const found = acknowledgements(app);
    expect(found.length).toBeGreaterThan(0);
    for (const { id, reason } of found) expect([id, reason]).toEqual([id, expect.stringMatching(/\w+ \w+ \w+/)]);
  });
});
