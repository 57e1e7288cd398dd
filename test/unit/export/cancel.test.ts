// An export that is cancelled is cancelled once.
import { expect, test } from '@jest/globals';
import { Routes, sampleDeployment } from '../../support/routes.ts';

const WHO = { tenant: 'acme', role: 'compliance', subject: 'me' };

test('the second time it has ended before, in the same millisecond too', async () => {
  const routes = new Routes(await sampleDeployment());
  const { id } = (await routes.ask('startExport', WHO, { body: { format: 'csv' } })).json as { id: string };
  const cancel = () => routes.ask('cancelExport', WHO, { path: { id } });
  expect((await cancel()).json).toMatchObject({ id, status: 'cancelled' });
  expect(await cancel()).toMatchObject({ status: 409, json: { type: 'urn:indelible:problem:already-finished' } });
});
