// Plans an expiry: a task for each category.
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { PERMANENT } from '../../core/catalog/retention.ts';
import { NOTHING_EXPIRED } from './expire.ts';
import type { ExpirePorts } from './port.ts';
import type { ExpireInput, ExpireTask } from './steps.ts';

/**
 * One task for each category of which some tenant's entries are not kept for ever; for the one that is asked for, whether
 * the catalog holds it or not. None while nothing is sealed.
 */
export async function planExpiry(
  run: string,
  { category: only, tenant }: ExpireInput,
  { newestSeal, retention }: Pick<ExpirePorts, 'newestSeal' | 'retention'>,
): Promise<ExpireTask[]> {
  const tenants = (await newestSeal())?.tenants.filter((one) => tenant === undefined || one === tenant) ?? [];
  const categories = only === undefined ? [...CATEGORIES.keys()] : [only];
  return categories
    .filter((category) => tenants.some((one) => retention(one, category) !== PERMANENT))
    .map((category) => ({
      ...{ step: 'expire', run, category, done: false, expired: NOTHING_EXPIRED },
      ...(tenant === undefined ? {} : { tenant }),
    }));
}
