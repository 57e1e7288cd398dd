// A time: near as words, in full for who asks.
import { useWriting } from './times.ts';

export function When({ time }: { readonly time: string }) {
  const { near, full } = useWriting();
  return (
    <time dateTime={time} title={full(time)} className="nowrap">
      {near(time, Date.now())}
    </time>
  );
}
