// Saved searches and jobs in memory.
import type { JobItem, JobPage, JobStore } from '../../services/job-store/port.ts';

/** A job store in memory that keeps values as the text that they are stored as. `fault` may throw, before or after a write. */
export class MemoryJobStore implements JobStore {
  readonly #items = new Map<string, { text: string; version: number; expiresAt: number | undefined }>();
  readonly #fault: (write: () => boolean) => boolean;

  constructor(fault: (write: () => boolean) => boolean = (write) => write()) {
    this.#fault = fault;
  }

  async get<T>(tenant: string, kind: string, id: string): Promise<JobItem<T> | undefined> {
    const found = this.#items.get(key(tenant, kind, id));
    return found && { id, value: JSON.parse(found.text) as T, version: found.version };
  }

  async list<T>(tenant: string, kind: string, limit: number, after?: string): Promise<JobPage<T>> {
    const prefix = key(tenant, kind, '');
    const ids = [...this.#items.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    const below = ids
      .filter((id) => after === undefined || id < after)
      .toSorted()
      .reverse();
    const items = await Promise.all(below.slice(0, limit).map((id) => this.get<T>(tenant, kind, id)));
    return { items: items as JobItem<T>[], next: below.length > limit ? items.at(-1)?.id : undefined };
  }

  async put<T>(tenant: string, kind: string, id: string, value: T, version: number, expiresAt?: number) {
    return this.#fault(() => {
      const name = key(tenant, kind, id);
      if ((this.#items.get(name)?.version ?? 0) !== version) return false;
      this.#items.set(name, { text: JSON.stringify(value), version: version + 1, expiresAt });
      return true;
    });
  }

  async remove(tenant: string, kind: string, id: string): Promise<boolean> {
    return this.#fault(() => this.#items.delete(key(tenant, kind, id)));
  }

  expiresAt(tenant: string, kind: string, id: string): number | undefined {
    return this.#items.get(key(tenant, kind, id))?.expiresAt;
  }
}

const key = (...parts: string[]) => parts.join('#');
