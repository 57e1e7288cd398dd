#!/usr/bin/env node
// The command `indelible`, as npm installs it.
import { main } from '../cli/main.ts';

// Whoever reads the output may have gone, as `head` does; the exit code still tells.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
