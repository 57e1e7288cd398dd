/** The last step of an answer: its body leaves, or its reader has gone. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Answers whether everything left. A reader may have gone before: the response then never closes again, and a stream that
 * is handed to it would stay open with whatever it holds, so it is destroyed.
 */
export async function finish(
  response: ServerResponse,
  body: Buffer | NodeJS.ReadableStream | undefined,
): Promise<boolean> {
  if (body !== undefined && !Buffer.isBuffer(body)) return stream(response, body);
  if (response.destroyed) return false;
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(body);
  });
  return response.writableFinished;
}

async function stream(response: ServerResponse, body: NodeJS.ReadableStream): Promise<boolean> {
  if (response.destroyed) {
    // What goes wrong with bytes that nobody wants is nobody's concern. Old streams without destroy() have nothing to release.
    body.on('error', () => undefined);
    (body as { destroy?: () => void }).destroy?.();
    return false;
  }
  await pipeline(body, response);
  return true;
}
