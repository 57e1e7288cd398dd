// A line on the terminal that changes while something is waited for.
export interface ProgressLine {
  show(text: string): void;
  stop(): void;
}

const ERASE_LINE = '\r\u001b[2K';

/** One line that changes, for waiting without a known end; nothing where it would fill a log. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show() {}, stop() {} };
  return {
    show: (text) => void stream.write(`${ERASE_LINE}${text}`),
    stop: () => void stream.write(ERASE_LINE),
  };
}
