// Configuration of the tests.
import { availableParallelism } from 'node:os';

/** Jest in ESM mode: sources are stripped of types by esbuild (test/transform.js), nothing is compiled ahead. */
export default {
  testEnvironment: '<rootDir>/test/environment.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/transform.js' },
  // What suites share, such as one DynamoDB Local, starts when the first one asks (docs/testing.md).
  globalSetup: '<rootDir>/test/shared/setup.ts',
  globalTeardown: '<rootDir>/test/shared/teardown.ts',
  testSequencer: '<rootDir>/test/sequence.js',
  testMatch: ['<rootDir>/test/**/*.(test|prop|contract|fault).ts'],
  // `npm run test:browser` runs these (jest.browser.config.js).
  testPathIgnorePatterns: ['<rootDir>/test/browser/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.bundles', '<rootDir>/.local'],
  // Jest leaves a core to itself, which is half of a small machine; those that wait for other processes and the disk come first.
  maxWorkers: Math.max(4, availableParallelism() - 1),
  testTimeout: 240_000,
};
