// A progress bar on the terminal.
import cliProgress from 'cli-progress';

export interface Bar {
  /** The total may become known, or change, on the way. */
  update(done: number, total: number): void;
  stop(): void;
}

/** A bar on a terminal; nothing elsewhere, where a bar would fill a log with control characters. */
export function bar(doing: string, unit: string, stream: NodeJS.WriteStream): Bar {
  if (!stream.isTTY) return { update() {}, stop() {} };
  const format = `${doing} [{bar}] {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`;
  const shown = new cliProgress.SingleBar({ stream, hideCursor: true, format }, cliProgress.Presets.shades_classic);
  shown.start(0, 0);
  return {
    update: (done, total) => {
      shown.setTotal(total);
      shown.update(Math.min(done, total));
    },
    stop: () => shown.stop(),
  };
}
