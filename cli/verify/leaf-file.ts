// Where the thread's file is: beside this one.
export const LEAF_THREAD = new URL('./leaf-start.ts', import.meta.url);
