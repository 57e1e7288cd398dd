/** `npm start`. Plain JavaScript, so that a Node that is too old for the rest can say so. docs/local.md has the details. */

/** The Lambda runtime of the template, from the version on that has all that this uses: ML-DSA came last. */
const OLDEST = { major: 24, minor: 6 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) {
  // Looked for here, since what else is optional is imported before the database is started.
  const { emulatorFolder, NOT_INSTALLED } = await import('../local/dynamodb/installed.ts');
  if (emulatorFolder() === undefined) {
    console.error(NOT_INSTALLED);
    process.exitCode = 1;
  } else {
    await import('../local/main.ts');
  }
} else {
  // What npm brings is new enough; it brings none for some platforms, such as Alpine Linux.
  console.error(
    `Node ${OLDEST.major}.${OLDEST.minor} is needed and this is ${process.versions.node}; run it with 'npm start', which ` +
      `brings its own, or, where npm has none for the platform, install a newer one.`,
  );
  process.exitCode = 1;
}
