/** The listener of PORT: the issuer's own paths first, then the HTTP API. It refuses everything until the runtime is ready. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StartFailure } from '../failure.ts';
import { serviceKey } from '../template/provisioner.ts';
import { refusal } from './api.ts';
import type { GatewayResponse } from './event.ts';
import { finish } from './finish.ts';
import { GatewayError, type GatewayRequest, readRequest } from './request.ts';

const LOOPBACK = '127.0.0.1';

/** How long a connection may idle, as API Gateway's. */
const KEEP_ALIVE_MS = 60_000;

/** Above Node's default of 16 KB, so that the gateway's own limit answers first. */
const NODE_HEADER_BYTES = 64 * 1024;

export interface Handles {
  /** Answers, or leaves the request to the next. */
  handle(request: GatewayRequest): Promise<GatewayResponse | undefined>;
}

export class Gateway {
  readonly #server: Server;
  readonly #port: number;
  readonly #handlers: Handles[] = [];
  readonly #running = new Set<Promise<void>>();
  #open = false;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: NODE_HEADER_BYTES },
      (message, response) => {
        const running = this.#serve(message, response).finally(() => this.#running.delete(running));
        this.#running.add(running);
      },
    );
  }

  /** Takes the port at once, so that a taken one is noticed before anything else is done. */
  static async listen(port: number): Promise<Gateway> {
    const gateway = new Gateway(port);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', (error: NodeJS.ErrnoException) => reject(portFailure(error, 'PORT', port)));
      gateway.#server.listen(port, LOOPBACK, resolve);
    });
    return gateway;
  }

  get origin(): string {
    return `http://${LOOPBACK}:${this.#port}`;
  }

  /** Asked in the order in which they were added. */
  add(handler: Handles): void {
    this.#handlers.push(handler);
  }

  open(): void {
    this.#open = true;
  }

  /** Accepts nothing more and waits for the answers that are being made. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await Promise.all(this.#running);
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(message);
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, value] as const);
    for (const [name, value] of headers) response.setHeader(name, value as string | string[]);
    if (answer.status !== 204) response.setHeader('content-length', answer.body.length);
    // What is left of a body that was refused is not read, so the connection can't be used again.
    if (!message.complete || !this.#server.listening) response.setHeader('connection', 'close');
    if (response.destroyed) return;
    response.writeHead(answer.status);
    await finish(response, message.method === 'HEAD' ? undefined : answer.body);
  }

  async #answer(message: IncomingMessage): Promise<GatewayResponse> {
    try {
      const request = await readRequest(message, this.#port);
      if (!this.#open) throw new GatewayError(503, 'Service Unavailable');
      for (const handler of this.#handlers) {
        const answer = await handler.handle(request);
        if (answer) return answer;
      }
      throw new GatewayError(404, 'Not Found');
    } catch (error) {
      return refusal(error instanceof GatewayError ? error : new GatewayError(500, 'Internal Server Error'));
    }
  }
}

export function portFailure(error: NodeJS.ErrnoException, variable: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartFailure(`Port ${port} is taken; free it, or set ${variable} to another port.`, { cause: error });
  }
  if (error.code === 'EACCES') {
    return new StartFailure(`Port ${port} needs more rights than this user has; set ${variable} to a higher port.`, {
      cause: error,
    });
  }
  return error;
}

export const GATEWAY = serviceKey<Gateway>('HTTP listener');
