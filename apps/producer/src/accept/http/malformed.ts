import type { FastifyHttpOptions, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import { problemOf, sendProblem } from './problem.filter';

/**
 * Problems for what never becomes a request with a route, and so never comes to the filter.
 *
 * @param answered Answers requests to a door of other manners, and says whether it was one.
 */
export const malformed = (
  answered: (request: FastifyRequest, reply: FastifyReply) => boolean,
): Pick<FastifyHttpOptions<RawServerDefault>, 'frameworkErrors' | 'clientErrorHandler'> => ({
  /** An address that cannot be decoded; the error repeats it, and it may hold a bot’s token. */
  frameworkErrors: (_error, request, reply) => {
    if (!answered(request, reply)) sendProblem(reply, 'bad_request', 'The address cannot be decoded');
  },

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
});
