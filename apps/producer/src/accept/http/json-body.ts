import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';

/** Where files are taken. */
const takesForms = new Set(['POST /v1/messages', 'PATCH /v1/messages/:id']);

/**
 * Bodies are JSON, and forms only where files are taken: a web page can make any browser post a form or plain text to this machine without
 * asking, and so to a producer that listens on loopback without API_TOKENS; for JSON the browser asks first, and of a form
 * it says that it comes from a page.
 */
export function readBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // JSON is UTF-8 (RFC 8259); anything else would arrive with its characters replaced.
    if (!isUtf8(body as Buffer)) return done(Object.assign(new Error('The body is not UTF-8'), { statusCode: 400 }));
    return void parse(request, body.toString(), done);
  });
  // The form itself is read by whoever knows what to do with its files.
  fastify.addContentTypeParser('multipart/form-data', (request, _, done) => {
    if (!takesForms.has(`${request.method} ${request.routeOptions.url}`)) return done(refusal(415));
    return isCrossSite(request) ? done(refusal(403)) : done(null, undefined);
  });
}

/** Browsers name the page that a form comes from, and it takes a bearer to be trusted all the same. */
const isCrossSite = ({ caller, headers }: FastifyRequest): boolean =>
  caller === 'anonymous' && (headers.origin !== undefined || !/^(none|same-origin)$/.test(fetchSite(headers)));

const fetchSite = (headers: FastifyRequest['headers']): string => String(headers['sec-fetch-site'] ?? 'none');

const refusal = (statusCode: 403 | 415) =>
  Object.assign(new Error(statusCode === 403 ? 'It comes from a web page' : 'No form is read here'), { statusCode });
