// Routes, functions and consumers.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { API_OPERATIONS } from '../../functions/api/operations/operations.ts';
import { SITE_PATHS } from '../../names/site.ts';
import { FUNCTION_COUNT, LOCAL_ISSUER, type Resource, resources, synthesize } from './support.ts';

let app: Template;
beforeAll(() => {
  app = synthesize().appTemplate;
});

describe('the API', () => {
  test('asks for a token everywhere but at what is everybody’s', () => {
    const routes = resources(app, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    expect(open.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]).toSorted()).toEqual([
      ['GET /', 'NONE'],
      ['GET /assets/{proxy+}', 'NONE'],
      ['GET /console-config.json', 'NONE'],
      ['GET /indelible-verify.mjs', 'NONE'],
      ['GET /log/checkpoint', 'NONE'],
      ['GET /log/keys', 'NONE'],
      ['GET /log/tile/{proxy+}', 'NONE'],
      ['GET /openapi.json', 'NONE'],
      ['GET /v1/health', 'NONE'],
      ['GET /verifiers.sha256', 'NONE'],
      ['GET /verify', 'NONE'],
    ]);
  });

  test('has the routes that its description says, and describes those that it has but the site', () => {
    const routes = resources(app, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    const described = API_OPERATIONS.map(({ method, path }) => `${method} ${path}`);
    const site = Object.values(SITE_PATHS).map((path) => `GET ${path}`);
    expect([...described, ...site].toSorted()).toEqual(routes.toSorted());
  });

  test('throttles and logs, without queries, headers or bodies', () => {
    const { appTemplate } = synthesize({ throttling: { rateLimit: 7, burstLimit: 9 } });
    const [stage] = resources(appTemplate, 'AWS::ApiGatewayV2::Stage');
    expect(stage![1].Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    });
    const variables = Object.values(JSON.parse(stage![1].Properties.AccessLogSettings.Format)).toSorted();
    expect(variables).toContain('$context.requestId');
    for (const variable of variables)
      expect(variable).not.toMatch(/\$context\.(path|queryString|requestOverride)|\$request/);
  });

  test('answers preflights for configured origins only', () => {
    app.hasResourceProperties('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', CorsConfiguration: Match.absent() });
    synthesize({ cors: { origins: ['https://console.example.com'] } }).appTemplate.hasResourceProperties(
      'AWS::ApiGatewayV2::Api',
      {
        CorsConfiguration: {
          AllowOrigins: ['https://console.example.com'],
          AllowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
          AllowHeaders: ['authorization', 'content-type', 'idempotency-key'],
        },
      },
    );
  });

  test('believes the configured issuer, and names its claims to the functions', () => {
    const { appTemplate } = synthesize({ oidc: { ...LOCAL_ISSUER, tenantClaim: 'org', roleClaim: 'roles' } });
    appTemplate.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: LOCAL_ISSUER.issuer, Audience: LOCAL_ISSUER.audience },
    });
    appTemplate.resourceCountIs('AWS::Cognito::UserPool', 0);
    appTemplate.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TENANT_CLAIM: 'org', ROLE_CLAIM: 'roles' } },
    });
  });

  describe('tells the console where people sign in', () => {
    const environmentOf = (template: Template) =>
      resources(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('Site'))![1].Properties.Environment
        .Variables;

    test('at the configured issuer, with a public client of its own', () => {
      const own = (oidc: object) => environmentOf(synthesize({ oidc: { ...LOCAL_ISSUER, ...oidc } }).appTemplate);
      expect(JSON.parse(own({}).CONSOLE_CONFIG)).toEqual({
        ...{ issuer: LOCAL_ISSUER.issuer, clientId: 'indelible', scope: 'openid', token: 'access' },
        claims: { tenant: 'custom:tenant', role: 'custom:role', cases: 'custom:cases' },
      });
      expect(own({}).CONSOLE_ORIGINS).toBe('http://127.0.0.1:8080');
      const asked = {
        ...{ tenantClaim: 'org', roleClaim: 'roles', casesClaim: 'cases' },
        console: { clientId: 'people', scope: 'openid email', token: 'id', origins: ['https://login.example.com'] },
      };
      expect(JSON.parse(own(asked).CONSOLE_CONFIG)).toMatchObject({
        ...{ clientId: 'people', scope: 'openid email', token: 'id' },
        claims: { tenant: 'org', role: 'roles', cases: 'cases' },
      });
      expect(own(asked).CONSOLE_ORIGINS).toBe('http://127.0.0.1:8080 https://login.example.com');
    });

    test('or at the managed login of the pool, by code alone and back to the console', () => {
      const text = JSON.stringify(environmentOf(app));
      for (const part of [
        'UserPoolClient',
        'ProviderURL',
        'https://cognito-idp.',
        '.auth.',
        'amazoncognito.com',
        '/logout',
      ]) {
        expect(text).toContain(part);
      }
      const back = [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Api'), 'ApiEndpoint'] }, '/']] }];
      app.hasResourceProperties('AWS::Cognito::UserPoolClient', {
        ...{ AllowedOAuthFlows: ['code'], AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: ['openid'] },
        ...{
          CallbackURLs: back,
          LogoutURLs: back,
          SupportedIdentityProviders: ['COGNITO'],
          GenerateSecret: Match.absent(),
        },
      });
      app.hasResourceProperties('AWS::Cognito::UserPoolDomain', {
        ManagedLoginVersion: 2,
        Domain: { 'Fn::Join': ['-', ['indelible', Match.anyValue(), Match.anyValue()]] },
      });
      app.hasResourceProperties('AWS::Cognito::ManagedLoginBranding', {
        ...{ UseCognitoProvidedValues: true, ClientId: { Ref: Match.stringLikeRegexp('UserPoolClient') } },
        UserPoolId: { Ref: Match.stringLikeRegexp('UserPool') },
      });
    });
  });

  test('or a user pool of its own, whose users cannot choose their tenant or role', () => {
    app.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: {
        Issuer: { 'Fn::GetAtt': [Match.stringLikeRegexp('UserPool'), 'ProviderURL'] },
        Audience: [{ Ref: Match.stringLikeRegexp('UserPoolClient') }],
      },
    });
    app.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ReadAttributes: ['custom:cases', 'custom:role', 'custom:tenant', 'email', 'email_verified'],
      WriteAttributes: ['email'],
    });
    app.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      DeletionProtection: 'ACTIVE',
    });
  });
});

describe('functions', () => {
  test('run on arm64 and the newest Node, log under a key for as long as configured, and are traced', () => {
    const functions = resources(app, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(FUNCTION_COUNT);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
    }
    const logs = resources(app, 'AWS::Logs::LogGroup');
    const machines = resources(app, 'AWS::StepFunctions::StateMachine');
    expect(logs).toHaveLength(functions.length + machines.length + 1);
    for (const [, { Properties }] of logs)
      expect(Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
  });
});

describe('stream consumers', () => {
  const mapping = (name: string) =>
    resources(app, 'AWS::Lambda::EventSourceMapping').find(([, { Properties }]) =>
      Properties.FunctionName.Ref.startsWith(name),
    )![1].Properties;

  test.each(['Archive', 'Relay'])('%s skips nothing and does nothing twice that it need not', (name) => {
    expect(mapping(name)).toMatchObject({
      EventSourceArn: { 'Fn::ImportValue': expect.stringContaining('StreamArn') },
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: -1,
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
  });

  test.each(['Archive', 'Relay'])('%s puts aside what it cannot use before the stream forgets it', (name) => {
    expect(mapping(name).MaximumRecordAgeInSeconds).toBeLessThan(24 * 3_600);
  });

  test('there are two: a shard has no more readers', () => {
    const ofStreams = resources(app, 'AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => Properties.StartingPosition !== undefined,
    );
    expect(ofStreams).toHaveLength(2);
  });

  test('the archive sees everything, in windows that fit into a minute', () => {
    expect(mapping('Archive')).not.toHaveProperty('FilterCriteria');
    expect(mapping('Archive').MaximumBatchingWindowInSeconds).toBe(20);
    synthesize({ archive: { batchWindow: 'PT1S' } }).appTemplate.hasResourceProperties(
      'AWS::Lambda::EventSourceMapping',
      { MaximumBatchingWindowInSeconds: 1, ParallelizationFactor: 2 },
    );
  });

  test('the relay sees new blocks only', () => {
    expect(mapping('Relay').FilterCriteria).toEqual({ Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] });
  });
});

describe('the index', () => {
  const propertiesOf = (kind: string, name: (resource: [string, Resource]) => string) =>
    resources(app, kind).find((resource) => name(resource).startsWith('IndexFunction'))![1].Properties;
  const mapping = () => propertiesOf('AWS::Lambda::EventSourceMapping', ([, one]) => one.Properties.FunctionName.Ref);

  test('gathers notices, as many and as long as it may, and gives back those that failed', () => {
    expect(mapping()).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^EntriesIndexQueue/), 'Arn'] },
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 30,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('hides a message for six runs and a window, as Lambda wants', () => {
    const queue = app.findResources('AWS::SQS::Queue')[mapping().EventSourceArn['Fn::GetAtt'][0]]!;
    const { Timeout } = propertiesOf('AWS::Lambda::Function', ([id]) => id);
    expect(queue.Properties.VisibilityTimeout).toBe(6 * Timeout + 30);
  });

  test('is of the facets that are configured, for whoever writes it', () => {
    const { appTemplate, readingTemplate } = synthesize({ reading: { facets: ['ip', 'actor'] } });
    const facets = resources(appTemplate, 'AWS::Lambda::Function')
      .map(([, { Properties }]) => Properties.Environment?.Variables?.INDEX_FACETS)
      .filter((value) => value !== undefined);
    expect(facets.length).toBeGreaterThanOrEqual(2);
    expect(new Set(facets)).toEqual(new Set(['["ip","actor"]']));
    readingTemplate.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'posting', KeyType: 'HASH' },
        { AttributeName: 'newest', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });
});

describe('events', () => {
  const rules = (template: Template) =>
    resources(template, 'AWS::Events::Rule')
      .filter(([id]) => id.startsWith('Observation'))
      .map(([, { Properties }]) => Properties);

  test('everything on the application’s bus, CloudTrail and configured services on the default bus', () => {
    const [applications, cloudTrail, services, ...others] = rules(
      synthesize({ events: { awsSources: ['aws.guardduty'] } }).appTemplate,
    );
    expect(applications).toMatchObject({ EventBusName: expect.anything(), EventPattern: { source: [{ prefix: '' }] } });
    expect(cloudTrail!.EventPattern['detail-type']).toContain('AWS API Call via CloudTrail');
    expect(services!.EventPattern).toMatchObject({ source: ['aws.guardduty'] });
    expect([cloudTrail!.EventBusName, services!.EventBusName, others]).toEqual([undefined, undefined, []]);
  });

  test('no event is recorded by two rules, and none of those that recording causes', () => {
    const [, cloudTrail, services] = rules(synthesize({ events: { awsSources: ['aws.s3'] } }).appTemplate);
    expect(services!.EventPattern['detail-type']).toEqual([
      { 'anything-but': cloudTrail!.EventPattern['detail-type'] },
    ]);
    expect(cloudTrail!.EventPattern.detail.eventName[0]['anything-but']).toEqual(
      expect.arrayContaining(['Decrypt', 'GenerateDataKey']),
    );
  });

  test('what is not recorded is kept whole: not delivered, failed, or not decrypted', () => {
    const [queue] = resources(app, 'AWS::SQS::Queue').filter(([id]) => id.startsWith('ObservationUnrecorded'));
    const arn = { 'Fn::GetAtt': [queue![0], 'Arn'] };
    for (const { Targets } of rules(app)) {
      expect(Targets).toEqual([
        expect.objectContaining({
          DeadLetterConfig: { Arn: arn },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ]);
    }
    app.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: arn } },
      Qualifier: '$LATEST',
    });
    app.hasResourceProperties('AWS::Events::EventBus', {
      DeadLetterConfig: { Arn: arn },
      KmsKeyIdentifier: Match.anyValue(),
    });
  });

  test('the bus has a name that applications know, and one a stage', () => {
    app.hasResourceProperties('AWS::Events::EventBus', { Name: 'indelible' });
    synthesize({ name: 'Staging' }).appTemplate.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'indelible-Staging',
    });
  });
});

describe('queues and topics', () => {
  test('each subscriber has a queue and a dead-letter queue of its own, and gets entries raw', () => {
    const subscriptions = resources(app, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
    expect(subscriptions).toHaveLength(3);
    const queues = subscriptions.map(({ Endpoint, RedrivePolicy }) => [
      Endpoint['Fn::GetAtt'][0],
      RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0],
    ]);
    expect(new Set(queues.flat()).size).toBe(6);
    for (const [queue, deadLetters] of queues) {
      expect(app.findResources('AWS::SQS::Queue')[queue]!.Properties.RedrivePolicy).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] },
        maxReceiveCount: 12,
      });
    }
    for (const { RawMessageDelivery, Protocol } of subscriptions)
      expect([RawMessageDelivery, Protocol]).toEqual([true, 'sqs']);
  });

  test('are encrypted with the customer-managed key and refuse plain text', () => {
    const queues = resources(app, 'AWS::SQS::Queue');
    const topics = resources(app, 'AWS::SNS::Topic');
    for (const [, { Properties }] of [...queues, ...topics]) {
      expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey/), 'Arn'] });
    }
    const guarded = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((kind) => resources(app, kind));
    expect(guarded).toHaveLength(queues.length + topics.length);
    for (const [, { Properties }] of guarded) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  test('services put into them what comes from this deployment only', () => {
    const statements = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']
      .flatMap((kind) => resources(app, kind))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(statements.length).toBeGreaterThan(0);
    // EventBridge publishes to topics under no condition; its guide allows none.
    const bare = statements.filter(({ Condition }) => Condition === undefined);
    expect(bare.map(({ Principal, Action }) => [Principal, Action])).toEqual([
      [{ Service: 'events.amazonaws.com' }, 'sns:Publish'],
    ]);
    for (const { Condition } of statements) {
      if (Condition === undefined) continue;
      expect(JSON.stringify(Condition)).toMatch(
        /^\{"Arn(?:Equals|Like)":\{"aws:SourceArn":|^\{"StringEquals":\{"aws:SourceAccount":/,
      );
    }
  });
});
