import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isUtf8 } from 'node:buffer';

/**
 * Bodies are JSON and nothing else: a web page can make any browser post a form or plain text to this machine without
 * asking, and so to a producer that listens on loopback without API_TOKENS; for JSON the browser asks first.
 */
export function readJsonOnly(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // JSON is UTF-8 (RFC 8259); anything else would arrive with its characters replaced.
    if (!isUtf8(body as Buffer)) return done(Object.assign(new Error('The body is not UTF-8'), { statusCode: 400 }));
    return void parse(request, body.toString(), done);
  });
}
