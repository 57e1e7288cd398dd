/** A case that was reported, acknowledged too late, and worked on: what a record's page has to show of it. */
import type { Runtime } from '../e2e/runtime.ts';
import { TENANT } from './console.ts';

const DAY_MS = 86_400_000;

/** Whole days before now, so that nothing lies ahead. */
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

const CASE = { type: 'case', id: 'case-7', reference: 'WB-7' };
const HANDLER = { type: 'user', id: 'u-7', name: 'Handler 7', role: 'case_handler' };

const about = (days: number, action: string, more: object = {}): object => ({
  ...{ action, occurredAt: daysAgo(days), actor: HANDLER, target: CASE },
  ...more,
});

export const TOLD: readonly object[] = [
  about(120, 'case.report_submitted', {
    actor: { type: 'anonymous' },
    change: { after: { status: 'new', priority: 'normal', subject: 'An invoice' } },
  }),
  about(110, 'case.acknowledged', { change: { before: { status: 'new' }, after: { status: 'acknowledged' } } }),
  about(109, 'case.status_changed', {
    change: { before: { status: 'acknowledged' }, after: { status: 'investigating' } },
  }),
  about(108, 'case.evidence_uploaded', { related: [{ type: 'file', id: 'f-1', name: 'Exhibit A.pdf' }] }),
  // Before it says high, which no entry made it.
  about(60, 'case.priority_changed', { change: { before: { priority: 'high' }, after: { priority: 'low' } } }),
  about(59.9, 'notification.sent', { target: { type: 'user', id: 'u-7', name: 'Handler 7' }, related: [CASE] }),
];

/** Records entries for the tenant of the people that `visit` signs in. */
export async function tell({ url, token }: Runtime, entries: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/v1/entries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token(TENANT)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entries }),
  });
  if (response.status !== 201) {
    throw new Error(`got ${response.status} ${await response.text()}, want the entries recorded`);
  }
}
