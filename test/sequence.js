/** Long suites first, so that none is begun when all others are done; within a kind as Jest orders them. */
import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Folders of test/, those whose suites wait longest for other processes first. Any other comes last. */
const KINDS = ['e2e', 'infra', 'fault', 'property', 'contract'];

const rank = ({ path }) => {
  const found = KINDS.findIndex((kind) => path.includes(`${sep}test${sep}${kind}${sep}`));
  return found === -1 ? KINDS.length : found;
};

export default class LongFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
