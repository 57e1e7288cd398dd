// The seal's last step: the log's new checkpoint, signed.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { Sealing } from '../../../services/seal/context.ts';
import type { PublishPorts, Signer } from '../../../services/seal/port.ts';
import { publishSeal } from '../../../services/seal/publish.ts';
import type { Published, PublishRequest } from '../../../services/seal/steps.ts';
import { reportArchived } from '../shared/seal-report.ts';

/** The seal's last step, and the only one that may sign. */
export function publish(ports: Omit<PublishPorts, 'keys'>, signer: Signer) {
  return async (event: PublishRequest): Promise<Published> => {
    const sealing = new Sealing<PublishPorts>({ ...ports, keys: signer });
    try {
      const published = await publishSeal(sealing, signer, event);
      const { checkpoint: _signed, ...fields } = published;
      log.info('seal published', { function: 'publish', ...fields });
      emitMetric(METRICS.sealCompleted, 1);
      return published;
    } finally {
      reportArchived('publish', sealing.summary.archive);
    }
  };
}
