import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Door } from './door';
import { refusal, sendAnswer } from './send-answer';

/**
 * Opens the door below `/bot` and `/file/bot`, whatever follows. It has a scope of its own, since it takes bodies of every
 * kind and reads them itself, and everything else JSON alone.
 */
export function openDoor(app: NestFastifyApplication): void {
  const door = app.get(Door);
  void app
    .getHttpAdapter()
    .getInstance()
    .register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, parsed) => parsed(null));
      for (const path of ['/bot*', '/file/bot*']) scope.all(path, (request, reply) => door.serve(request, reply));
      done();
    });
}

/** Answers a request to the door whose address cannot be decoded. @returns whether it is one */
export function refuseMalformed({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  const isOurs = /^(\/file)?\/bot/.test(raw.url ?? '');
  if (isOurs) sendAnswer(reply, refusal(404));
  return isOurs;
}
