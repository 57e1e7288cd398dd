// Actions of the catalog: the audit trail itself.
import { codes } from '../code.ts';

/** What the audit trail records about itself. */
export const AUDIT = [
  ...codes('audit_access', [
    ['audit.entry_viewed', 'view', '{actor} read an entry of the audit trail', 'S2 S3 own'],
    ['audit.searched', 'view', '{actor} searched the audit trail', 'S2 S3 own'],
    ['audit.history_viewed', 'view', '{actor} read the history of {target}', 'S3 own'],
    ['audit.changes_viewed', 'view', '{actor} compared the states of {target}', 'S3 own'],
    ['audit.related_viewed', 'view', '{actor} looked for entries related to {target}', 'own'],
    ['audit.proof_viewed', 'view', '{actor} had the proof of an entry made', 'own'],
    ['audit.evidence_read', 'major', '{actor} read sealed evidence of the audit trail', 'own'],
    ['audit.holds_viewed', 'view', '{actor} listed the legal holds', 'own'],
    ['audit.search_saved', 'standard', '{actor} saved the search {target}', 'own'],
    ['audit.search_removed', 'standard', '{actor} removed the saved search {target}', 'own'],
    ['audit.query_started', 'view', '{actor} began a query of the archive', 'own'],
    ['audit.query_cancelled', 'standard', '{actor} cancelled the query {target}', 'own'],
    ['audit.query_viewed', 'view', '{actor} read results of the query {target}', 'own'],
    ['audit.export_started', 'major', '{actor} began the export {target} of the audit trail', 'own'],
    ['audit.export_cancelled', 'standard', '{actor} cancelled the export {target}', 'own'],
    ['audit.export_granted', 'major', '{actor} granted the export {target}', 'own'],
    ['audit.export_downloaded', 'major', '{actor} downloaded the export {target}', 'own'],
    ['audit.exported', 'major', '{actor} exported entries of the audit trail', 'S3 S4 own'],
    ['audit.report_run', 'view', '{actor} ran the report {target}', 'S4 own'],
    ['audit.access.denied', 'security', '{actor} was refused access to the audit trail', 'own', 'denied'],
  ]),
  ...codes('audit', [
    ['audit.sealed', 'system', 'A day of the audit trail was sealed', 'own'],
    ['audit.archived', 'system', 'Entries were archived', 'S3 own'],
    ['audit.expired', 'system', 'Entries expired by policy', 'S3 own'],
    ['audit.configured', 'major', '{actor} changed the configuration of the audit trail', 'own'],
    ['audit.erased', 'deletion', 'Personal data of {target} was erased', 'own'],
    ['audit.reviewed', 'standard', '{actor} reviewed the audit trail', 'S4 own'],
    ['verification.passed', 'system', 'The audit trail was verified', 'S4 own'],
    ['verification.incomplete', 'warning', 'The audit trail could not be verified completely', 'own', 'unknown'],
  ]),
];
