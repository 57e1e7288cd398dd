// Runs the conformance suites: the folder of vectors is the argument.
import { runConformance } from './run.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run conformance -- DIRECTORY');
  process.exitCode = 2;
} else {
  const { failed } = await runConformance(directory, (line) => console.log(line));
  if (failed > 0) process.exitCode = 1;
}
