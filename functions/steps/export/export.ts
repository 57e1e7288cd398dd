// One step of an export.
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import { advanceExport, type ExportPorts, giveUpExport } from '../../../services/export/advance.ts';
import type { ExportStep, ExportTask } from '../../../services/export/steps.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** What an execution was started with is no export's name. */
class ExportInputError extends Error {
  override readonly name = 'ExportInputError';
  readonly code = 'input';
}

/** One step of an export. */
export function exportStep(ports: ExportPorts) {
  return (payload: unknown): Promise<ExportStep> => {
    const task = readTask(payload);
    return task.gaveUp === true ? giveUpExport(ports, task) : advanceExport(ports, task);
  };
}

function readTask(payload: unknown): ExportTask {
  const { tenant, id, gaveUp } = (payload ?? {}) as Partial<ExportTask>;
  if (typeof tenant !== 'string' || !TENANT.test(tenant) || typeof id !== 'string' || id === '') {
    throw new ExportInputError('got no export, want {"tenant": its tenant, "id": its id}');
  }
  return { tenant, id, ...(gaveUp === true ? { gaveUp } : {}) };
}
