// Actions of the catalog: records and their life.
import { type CodeRow, codes } from '../code.ts';

/** The life of one kind of record. */
const life = (noun: string, name: string, sources: string, deleted = sources): CodeRow[] => [
  [`${noun}.created`, 'standard', `{actor} created the ${name} {target}`, sources],
  [`${noun}.updated`, 'standard', `{actor} updated the ${name} {target}`, sources],
  [`${noun}.deleted`, 'deletion', `{actor} deleted the ${name} {target}`, deleted],
];

export const RECORDS = [
  ...codes('data_modification', [
    ...life('customer', 'customer', 'S0'),
    ...life('client', 'client', 'S2'),
    ...life('property', 'property', 'S2'),
    ...life('invoice', 'invoice', 'S2'),
    ...life('personal_data', 'personal data', 'S2'),
    ['appointment.updated', 'standard', '{actor} updated the appointment {target}', 'S0'],
    ['note.created', 'standard', '{actor} wrote the note {target}', 'S0'],
    ['note.deleted', 'deletion', '{actor} deleted the note {target}', 'S0'],
    ['file.uploaded', 'standard', '{actor} uploaded the file {target}', 'S0'],
    ['file.deleted', 'deletion', '{actor} deleted the file {target}', 'S0'],
    // S4 lists it among what happens by itself; it is kept as long as every other deletion.
    ['data.deleted', 'deletion', '{actor} deleted data', 'S4'],
  ]),
  ...codes('payment', [
    ...life('payment', 'payment', 'S0 S2'),
    ['payment.processed', 'standard', 'The payment {target} was processed', 'S0'],
    ['payment.card_stored', 'standard', '{actor} stored a card', 'S0'],
  ]),
  ...codes('data_access', [
    ['customer.viewed', 'view', '{actor} viewed the customer {target}', 'S0'],
    ['note.viewed', 'view', '{actor} viewed the note {target}', 'S0'],
    ['file.downloaded', 'view', '{actor} downloaded the file {target}', 'S0'],
    ['data.exported', 'major', '{actor} exported data', 'S0 S3'],
    ['data.imported', 'major', '{actor} imported data', 'S3'],
    ['data.bulk_updated', 'major', '{actor} updated records in bulk', 'S3'],
    ['data.bulk_deleted', 'deletion', '{actor} deleted records in bulk', 'S3'],
    ['data.sensitive_viewed', 'view', '{actor} viewed sensitive data of {target}', 'S3'],
    ['data.pii_viewed', 'view', '{actor} viewed personal data of {target}', 'S3'],
    ['data.ni_number_viewed', 'view', '{actor} viewed the national insurance number of {target}', 'S3'],
    ['data.medical_viewed', 'view', '{actor} viewed medical data of {target}', 'S3'],
  ]),
  ...codes('core', [
    ...life('record', 'record', 'S3'),
    ['record.read', 'view', '{actor} read the record {target}', 'S3'],
    ['submission.submitted', 'standard', '{actor} sent in the submission {target}', 'S3'],
    ['submission.approved', 'major', '{actor} approved the submission {target}', 'S3'],
    ['submission.rejected', 'major', '{actor} rejected the submission {target}', 'S3'],
  ]),
  ...codes('document', [
    ['document.viewed', 'view', '{actor} viewed the document {target}', 'S1'],
    ['document.uploaded', 'standard', '{actor} uploaded the document {target}', 'S3'],
    ['document.downloaded', 'view', '{actor} downloaded the document {target}', 'S1 S3'],
    ['signature.captured', 'standard', 'A digital signature of {actor} was captured', 'S3'],
  ]),
  ...codes('application', [
    ['application.submitted', 'standard', '{actor} submitted the application {target}', 'S1'],
    ['application.updated', 'standard', '{actor} updated the application {target}', 'S1'],
    ['application.reviewed', 'standard', '{actor} reviewed the application {target}', 'S1'],
    ['application.approved', 'major', '{actor} approved the application {target}', 'S1'],
    ['application.rejected', 'major', '{actor} rejected the application {target}', 'S1'],
    ['application.state_changed', 'standard', '{actor} changed the state of the application {target}', 'S1'],
  ]),
];
