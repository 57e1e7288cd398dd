/** STS: who am I. Needs no permission, as on AWS. */
import type { Access } from './iam/access.ts';
import { notImplemented, Refusal } from './refusal.ts';
import type { AwsRequest, AwsResponse, LocalService } from './service.ts';
import { xml } from './xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export function stsService(access: Access): LocalService {
  return {
    name: 'sts',
    actions: () => [],
    handle: async (request) => identity(request, access),
    close: async () => undefined,
  };
}

function identity(request: AwsRequest, access: Access): AwsResponse {
  const form = new URLSearchParams(request.method === 'GET' ? request.query : request.body.toString('utf8'));
  const action = form.get('Action') ?? '';
  if (action !== 'GetCallerIdentity') throw notImplemented(`sts:${action}`);
  const caller = access.callerOf(request.accessKeyId);
  if (caller.kind === 'service' || caller.kind === 'anonymous') throw new Refusal(403, 'AccessDenied', 'Access Denied');
  const body = xml(
    'GetCallerIdentityResponse',
    {
      GetCallerIdentityResult: {
        Arn: caller.shownArn,
        UserId: caller.kind === 'role' ? `${request.accessKeyId}:${caller.shownArn.split('/').at(-1)}` : caller.account,
        Account: caller.account,
      },
    },
    NAMESPACE,
  );
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}
