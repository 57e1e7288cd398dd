// The file of a thread that hashes entries: it is started by its name.
import { hashInThread } from './leaf-worker.ts';

await hashInThread();
