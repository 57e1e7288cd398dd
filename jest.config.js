/** Jest in ESM mode: sources are stripped of types by esbuild (test/transform.js), nothing is compiled ahead. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/transform.js' },
  testMatch: ['<rootDir>/test/**/*.(test|prop|contract|fault).ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.bundles', '<rootDir>/.local'],
  testTimeout: 240_000,
};
