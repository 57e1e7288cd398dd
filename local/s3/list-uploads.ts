/** ListParts and ListMultipartUploads. */

import { compareText } from '../../names/order.ts';
import { elementOf } from './checksum.ts';
import { answerXml, listedTime, type Operation } from './context.ts';
import { SortedKeys } from './keys.ts';
import { readQuery } from './list.ts';
import { page, walk } from './listing.ts';
import { findUpload } from './multipart.ts';
import type { Upload } from './uploads.ts';

export const listParts: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { query } = call.request;
  const upload = await findUpload(call, bucket);
  const { size } = readQuery(query, 'max-parts');
  const after = Number(query.get('part-number-marker') ?? 0);
  const parts = (await bucket.uploads.parts(upload.id)).filter(({ number }) => number > after);
  const found = page(parts, size);
  const { algorithm, type, asked } = upload.checksum;
  return answerXml('ListPartsResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: found.items.at(-1)?.number ?? after,
    MaxParts: size,
    IsTruncated: found.truncated,
    ...(asked ? { ChecksumAlgorithm: algorithm, ChecksumType: type } : {}),
    StorageClass: upload.head.storageClass,
    Owner: { ID: s3.account },
    Part: found.items.map((part) => ({
      PartNumber: part.number,
      LastModified: listedTime(part.modified),
      ETag: part.etag,
      Size: part.size,
      [elementOf(part.checksum.algorithm)]: part.checksum.value,
    })),
  });
};

interface UploadRow {
  readonly name: string;
  /** Absent for a common prefix. */
  readonly upload?: Upload;
}

export const listMultipartUploads: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { query } = call.request;
  const { prefix, delimiter, size, encode, encoding } = readQuery(query, 'max-uploads');
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const rows = behind(rowsOf(await bucket.uploads.list(), prefix, delimiter), keyMarker, idMarker);
  const { items, truncated } = page(rows, size);
  const last = items.at(-1);
  return answerXml('ListMultipartUploadsResult', {
    Bucket: call.bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    ...(truncated && last ? { NextKeyMarker: encode(last.name), NextUploadIdMarker: last.upload?.id ?? '' } : {}),
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: encoding,
    MaxUploads: size,
    IsTruncated: truncated,
    Upload: items.flatMap(({ name, upload }) =>
      upload
        ? [
            {
              Key: encode(name),
              UploadId: upload.id,
              Initiated: listedTime(upload.initiated),
              StorageClass: upload.head.storageClass,
              Owner: { ID: s3.account },
            },
          ]
        : [],
    ),
    CommonPrefixes: items.flatMap(({ name, upload }) => (upload ? [] : [{ Prefix: encode(name) }])),
  });
};

function rowsOf(uploads: readonly Upload[], prefix: string, delimiter: string): UploadRow[] {
  const keys = SortedKeys.from(new Set(uploads.map(({ key }) => key)));
  return [...walk(keys, { prefix, delimiter, visible: () => true })].flatMap(({ kind, name }): UploadRow[] =>
    kind === 'prefix' ? [{ name }] : uploads.filter(({ key }) => key === name).map((upload) => ({ name, upload })),
  );
}

/** Without an upload id, a marker passes over all uploads of its key. */
function behind(rows: readonly UploadRow[], keyMarker: string, idMarker: string): readonly UploadRow[] {
  if (keyMarker === '') return rows;
  const found = rows.findIndex(({ name, upload }) => name === keyMarker && upload?.id === idMarker);
  if (idMarker !== '' && found >= 0) return rows.slice(found + 1);
  return rows.filter(({ name }) => compareText(name, keyMarker) > 0);
}
