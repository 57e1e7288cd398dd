// Where the thread's file is: the command is one file, which finds out by itself that it is a thread of it.
export const LEAF_THREAD = new URL(import.meta.url);
