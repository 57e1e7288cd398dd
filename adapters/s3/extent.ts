// Which categories a tenant has in the archive, and from which day on: a listing, and one of one item for each category.
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { segmentsPrefix } from '../../names/archive.ts';
import { ATHENA } from '../../names/athena.ts';
import { CATEGORY_NAMES } from '../../names/categories.ts';
import type { ArchiveExtent, FirstDays } from '../../services/query/extent.ts';

const CATEGORY = 'category=';
const DAY = 'day=';

export class S3ArchiveExtent implements ArchiveExtent {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async firstDays(tenant: string): Promise<FirstDays> {
    const categories = await this.#categories(tenant);
    const days = await Promise.all(categories.map((category) => this.#firstDay(tenant, category)));
    return Object.fromEntries(
      categories.flatMap((category, i) => (days[i] === undefined ? [] : [[category, days[i]]])),
    );
  }

  /** Those that are partitions: whatever else somebody puts beside them is none of the table's. */
  async #categories(tenant: string): Promise<string[]> {
    const prefix = segmentsPrefix(tenant);
    const found = new Set<string>();
    let after: string | undefined;
    do {
      const page = await this.#folders(`${prefix}${CATEGORY}`, after);
      for (const folder of page.folders) found.add(folder.slice(prefix.length + CATEGORY.length, -1));
      after = page.next;
    } while (after !== undefined);
    return CATEGORY_NAMES.filter((name) => found.has(name));
  }

  /** From the first day on that the table has. A folder that is no day stands for that, so that nothing after it is missed. */
  async #firstDay(tenant: string, category: string): Promise<string | undefined> {
    const prefix = `${segmentsPrefix(tenant, category)}${DAY}`;
    const list = new ListObjectsV2Command({
      ...{ Bucket: this.#bucket, Prefix: prefix, Delimiter: '/', MaxKeys: 1 },
      StartAfter: `${prefix}${ATHENA.firstDay}`,
    });
    const [first] = (await this.#client.send(list)).CommonPrefixes ?? [];
    if (first === undefined) return undefined;
    const day = first.Prefix!.slice(prefix.length, -1);
    return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : ATHENA.firstDay;
  }

  async #folders(prefix: string, after: string | undefined) {
    const list = new ListObjectsV2Command({
      ...{ Bucket: this.#bucket, Prefix: prefix, Delimiter: '/' },
      ...(after === undefined ? {} : { ContinuationToken: after }),
    });
    const { CommonPrefixes = [], IsTruncated, NextContinuationToken } = await this.#client.send(list);
    const folders = CommonPrefixes.map(({ Prefix }) => Prefix!);
    return { folders, next: IsTruncated === true ? NextContinuationToken : undefined };
  }
}
