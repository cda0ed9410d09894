import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveBotApi, serveFile } from './bot-api/serve';
import { serveControl } from './control/serve';
import { servePage } from './page/serve';
import { type Listening, Sandbox, type SandboxOptions } from './sandbox';

/** Longer than any client keeps an idle connection, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts a sandbox of one's own.
 * @throws When the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(options);
  sandbox.opened(await listen(sandbox, options.host ?? '127.0.0.1', options.port ?? 0));
  return sandbox;
}

/** Opens the port: the Bot API under `/bot…`, the control API under `/sandbox`, the page at `/`. */
async function listen(sandbox: Sandbox, host: string, port: number): Promise<Listening> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true, requestTimeout: 0 },
    (request, response) => {
      route(request, response, sandbox);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function route(request: IncomingMessage, response: ServerResponse, sandbox: Sandbox): void {
  const path = request.url ?? '/';
  const fail = (error: unknown) => {
    // A client that leaves half way is no mistake of ours; anything else is, and must not end the process.
    if (!request.destroyed || request.complete)
      process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  };
  if (path.startsWith('/bot')) serveBotApi(request, response, sandbox).catch(fail);
  else if (path.startsWith('/file/bot')) serveFile(request, response, sandbox);
  else if (path.startsWith('/sandbox')) serveControl(request, response, sandbox).catch(fail);
  else if (path === '/' || path.startsWith('/?')) servePage(response, sandbox);
  else
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"ok":false,"error_code":404,"description":"Not Found"}');
}
