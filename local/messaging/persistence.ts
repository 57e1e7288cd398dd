/** What is corrected in how fauxqs keeps its state (fauxqs.ts says why). */
import type { DatabaseSync } from 'node:sqlite';

/** fauxqs's own; the stores call it for every change. */
export interface Persistence {
  readonly db: DatabaseSync;
  loadSqsAndSns(sqs: unknown, sns: unknown): void;
  updateMessageReady(messageId: string): void;
  close(): void;
}

export function corrected(manager: Persistence): Persistence {
  const ready = manager.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  manager.updateMessageReady = (messageId) => {
    ready.run(messageId);
  };
  return manager;
}

/**
 * One transaction for all that is written in one turn; the commit runs before any continuation that could answer. `fail` is
 * told once what can't be written; nothing is written after it, and nothing thrown, since timers write too.
 */
export function inTurns(manager: Persistence, fail: (error: unknown) => void): Persistence {
  let open = false;
  let failed = false;
  const attempt = (work: () => unknown): unknown => {
    if (failed) return undefined;
    try {
      return work();
    } catch (error) {
      failed = true;
      fail(error);
      return undefined;
    }
  };
  const begin = (): void => {
    if (open) return;
    manager.db.exec('BEGIN');
    open = true;
    queueMicrotask(() => {
      open = false;
      attempt(() => manager.db.exec('COMMIT'));
    });
  };
  return new Proxy(manager, {
    get: (target, property) => {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) =>
        attempt(() => {
          begin();
          return Reflect.apply(member, target, parameters) as unknown;
        });
    },
  });
}
