import type { FastifyHttpOptions, RawServerDefault } from 'fastify';
import { problemOf, sendProblem } from './problem.filter';

/** Problems for what never becomes a request with a route, and so never comes to the filter. */
export const malformed: Pick<FastifyHttpOptions<RawServerDefault>, 'frameworkErrors' | 'clientErrorHandler'> = {
  /** An address that cannot be decoded. */
  frameworkErrors: (error, _request, reply) => sendProblem(reply, 'bad_request', error.message),

  /** What is not even HTTP: there is only a socket to answer on, and it cannot be read any further. */
  clientErrorHandler: (error, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET') {
      const { status, ...problem } = problemOf('bad_request');
      const body = Buffer.from(JSON.stringify({ status, ...problem }));
      const head = ['Content-Type: application/problem+json', `Content-Length: ${body.length}`, 'Connection: close'];
      socket.write(`HTTP/1.1 ${status} Bad Request\r\n${head.join('\r\n')}\r\n\r\n${body.toString()}`);
    }
    socket.destroy(error);
  },
};
