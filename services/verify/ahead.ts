/** Reads what belongs to the numbers from `first` to `last`, so many at the same time, and gives it in order. */
export async function* ahead<T>(
  first: number,
  last: number,
  atOnce: number,
  read: (number: number) => Promise<T>,
): AsyncGenerator<Awaited<T>, void, undefined> {
  const reading: Promise<T>[] = [];
  let next = first;
  const start = () => {
    if (next > last) return;
    const begun = read(next++);
    // Thrown where it is awaited; when the reader stops before, nobody asks for it any more.
    begun.catch(() => undefined);
    reading.push(begun);
  };
  while (reading.length < atOnce && next <= last) start();
  for (let begun = reading.shift(); begun !== undefined; begun = reading.shift()) {
    start();
    yield await begun;
  }
}
