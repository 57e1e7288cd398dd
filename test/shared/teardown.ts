/** Jest's globalTeardown: ends what suites shared. A failure to end fails the run. */
import './setup.ts';

export default async function teardown(): Promise<void> {
  await globalThis.indelibleShared?.stop();
}
