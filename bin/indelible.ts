#!/usr/bin/env node
// The command `indelible`, as npm installs it.
import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from '../local/compiled.ts';

// Whoever reads the output may have gone, as `head` does; the exit code still tells.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
// Stripping types and compiling is half of a command; so the rest is imported after this. Where it can't be written, it is left out.
enableCompileCache(COMPILE_CACHE);
const { main } = await import('../cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
