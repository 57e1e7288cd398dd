// Configuration of the tests that need a browser.
import tests from './jest.config.js';

export default { ...tests, testMatch: ['<rootDir>/test/browser/**/*.test.ts'], testPathIgnorePatterns: [] };
