/** What a producer pushes, for whoever pulls: it goes on only as fast as it is read, and ends when the reader does. */
export async function* pulled(
  produce: (push: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const produced = produce((bytes) => writer.write(bytes)).then(
    () => writer.close(),
    (error: unknown) => writer.abort(error),
  );
  // A reader that leaves makes the writer fail; nobody is left to be told.
  produced.catch(() => undefined);
  yield* readable;
  await produced;
}
