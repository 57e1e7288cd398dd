// A Lambda function with a role of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Effect, type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code as LambdaCode,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { bundleOf, folderOf } from './bundle.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { Grantee, Permission } from './grantee.ts';

/** Lambda gives CPU by memory: 1,769 MB is one whole core. */
export const ONE_CORE = 1_769;

export interface CodeProps {
  /** Folder in one of the groups of functions/, whose handler.ts exports `handler`. */
  readonly name: string;
  readonly description: string;
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder beside the code, with its files by their names; they are made when the code is bundled. */
  readonly beside?: { readonly folder: string; readonly files: () => ReadonlyMap<string, Uint8Array> };
  /** A role of another stack, whose policies name it; otherwise the function gets one of its own. */
  readonly role?: Role;
}

/** What all functions of a deployment share. */
export interface CodeDefaults {
  readonly logKey: EncryptionKey;
  readonly logRetention: RetentionDays;
}

/**
 * A Lambda function with a role of its own, which starts with nothing but writing its log and its traces. Whoever offers a
 * resource adds permission and environment variable in one method (`ledger.grantAppend(code)`), so neither exists alone.
 */
export class Code extends Construct implements Grantee {
  readonly function: LambdaFunction;
  readonly #role: IRole;

  constructor(scope: Construct, id: string, props: CodeProps, defaults: CodeDefaults) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      encryptionKey: defaults.logKey.key,
      retention: defaults.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // By name, so that what the role may do here is a policy of this stack: the other one knows nothing of it.
    this.#role = props.role
      ? Role.fromRoleName(this, 'Role', props.role.roleName)
      : new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundledCode(props),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      role: this.#role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: { ...props.environment },
    });
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
    acknowledge(this, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray (and DynamoDB ListStreams) take no resource.');
  }

  allow({ actions, resources, conditions }: Permission): void {
    this.#role.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
      }),
    );
  }

  configure(key: string, value: string): void {
    this.function.addEnvironment(key, value);
  }
}

/** CDK hashes what the bundler wrote, so an asset changes exactly when its bundle does. */
function bundledCode({ name, beside }: CodeProps): LambdaCode {
  return LambdaCode.fromAsset(folderOf(name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle: (directory) => {
          writeFileSync(join(directory, 'index.mjs'), bundleOf(name));
          if (beside !== undefined) writeFolder(join(directory, beside.folder), beside.files());
          return true;
        },
      },
    },
  });
}

function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
}
