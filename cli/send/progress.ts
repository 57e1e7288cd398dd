// The progress of `send` on the terminal.
import cliProgress from 'cli-progress';

export interface Progress {
  update(bytesRead: number, accepted: number, refused: number): void;
  stop(): void;
}

/** A bar on a terminal; nothing elsewhere, where a bar would fill a log with control characters. */
export function progressBar(totalBytes: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update() {}, stop() {} };
  const bar = new cliProgress.SingleBar(
    {
      stream,
      hideCursor: true,
      format: 'sending [{bar}] {percentage}% | {accepted} accepted, {refused} refused | {eta_formatted} left',
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(totalBytes, 0, { accepted: 0, refused: 0 });
  return {
    update: (bytesRead, accepted, refused) => bar.update(Math.min(bytesRead, totalBytes), { accepted, refused }),
    stop: () => bar.stop(),
  };
}
