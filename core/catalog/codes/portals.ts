// Actions of the catalog: portals of clients and partners.
import { type CodeRow, codes } from '../code.ts';

const managed = (noun: string, name: string): CodeRow[] => [
  [`staff.${noun}_created`, 'standard', `{actor} created the ${name} {target}`, 'S3'],
  [`staff.${noun}_updated`, 'standard', `{actor} updated the ${name} {target}`, 'S3'],
  [`staff.${noun}_deleted`, 'deletion', `{actor} deleted the ${name} {target}`, 'S3'],
];

export const PORTALS = [
  ...codes('parent_portal', [
    ['portal.parent_verified', 'standard', '{actor} was verified as a parent', 'S3'],
    ['portal.login.success', 'standard', '{actor} signed in to the portal', 'S3'],
    ['portal.login.failure', 'standard', '{actor} failed to sign in to the portal', 'S3', 'failure'],
    ['portal.dashboard_viewed', 'view', '{actor} viewed the dashboard', 'S3'],
    ['portal.form_viewed', 'view', '{actor} viewed the form {target}', 'S3'],
    ['portal.child_viewed', 'view', '{actor} viewed details of the child {target}', 'S3'],
    ['portal.child_updated', 'standard', '{actor} updated details of the child {target}', 'S3'],
    ['portal.medical_info_updated', 'standard', '{actor} updated medical information of {target}', 'S3'],
    ['portal.legal_id_uploaded', 'standard', '{actor} uploaded a legal identity document', 'S3'],
    ['portal.signature_completed', 'standard', '{actor} completed a signature', 'S3'],
  ]),
  ...codes('staff_portal', [
    ...managed('child', 'child'),
    ...managed('parent', 'parent'),
    ...managed('submission', 'submission'),
    ...managed('period', 'period'),
    ...managed('user', 'user'),
    ...managed('document', 'document'),
    ['staff.settings_viewed', 'view', '{actor} viewed settings', 'S3'],
    ['staff.settings_changed', 'major', '{actor} changed settings of the staff portal', 'S3'],
    ['staff.help_viewed', 'view', '{actor} viewed help', 'S3'],
  ]),
  ...codes('assisted_submission', [
    ['assisted.mode_started', 'standard', '{actor} started assisted mode for {target}', 'S3'],
    ['assisted.mode_enabled', 'major', '{actor} enabled assisted mode for {target}', 'S3'],
    ['assisted.step_viewed', 'view', '{actor} viewed a form step for {target}', 'S3'],
    ['assisted.step_updated', 'standard', '{actor} updated a form step for {target}', 'S3'],
    ['assisted.agreement_confirmed', 'standard', '{actor} confirmed the agreement for {target}', 'S3'],
    ['assisted.signature_completed', 'standard', '{actor} completed a signature for {target}', 'S3'],
  ]),
  ...codes('page_view', [
    ['page.viewed', 'view', '{actor} viewed the page {target}', 'S3'],
    ['page.dashboard_viewed', 'view', '{actor} viewed a dashboard', 'S3'],
    ['page.listing_viewed', 'view', '{actor} viewed the listing {target}', 'S3'],
    ['page.details_viewed', 'view', '{actor} viewed details of {target}', 'S3'],
    ['page.searched', 'view', '{actor} searched', 'S3'],
    ['page.filtered', 'view', '{actor} filtered a listing', 'S3'],
    ['page.sorted', 'view', '{actor} sorted a listing', 'S3'],
    ['page.form_viewed', 'view', '{actor} viewed the form {target}', 'S3'],
    ['page.paginated', 'view', '{actor} turned a page', 'S3'],
  ]),
  ...codes('report', [
    ['report.created', 'standard', '{actor} created the report {target}', 'S3'],
    ['report.modified', 'standard', '{actor} modified the report {target}', 'S3'],
    ['report.run_started', 'standard', 'A run of the report {target} started', 'S3'],
    ['report.run_completed', 'standard', 'A run of the report {target} completed', 'S3'],
    ['report.run_failed', 'standard', 'A run of the report {target} failed', 'S3', 'failure'],
    ['report.schedule_created', 'standard', '{actor} scheduled the report {target}', 'S3'],
    ['report.schedule_updated', 'standard', '{actor} changed the schedule of the report {target}', 'S3'],
    ['report.schedule_deleted', 'deletion', '{actor} deleted the schedule of the report {target}', 'S3'],
    ['report.artefact_downloaded', 'view', '{actor} downloaded an artefact of the report {target}', 'S3'],
  ]),
];
