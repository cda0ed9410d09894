import { maxBatch, message } from '@app/contracts';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { openApi } from '../../apps/producer/src/accept/openapi';
import { ProducerModule } from '../../apps/producer/src/producer.module';
import { readProducerSettings } from '../../apps/producer/src/producer.settings';

/** Messages as the endpoint takes them, to hold the document's examples against. */
const body = z.union([message, z.array(message).min(1).max(maxBatch)]);

/**
 * The text of docs/openapi.json: what the producer serves as `GET /openapi.json`. The app is made but never initialised,
 * so it opens no port and looks for no broker.
 *
 * @throws Error where an example is none that the endpoint would take.
 */
export async function openApiJson(): Promise<string> {
  const settings = readProducerSettings({});
  const app = await NestFactory.create(ProducerModule.register(settings), new FastifyAdapter(), { logger: false });
  const document = openApi(app);
  const examples = z
    .object({
      content: z.object({
        'application/json': z.object({ examples: z.record(z.string(), z.object({ value: body })) }),
      }),
    })
    .parse(document.paths['/v1/messages']?.post?.requestBody);
  if (Object.keys(examples.content['application/json'].examples).length === 0) throw new Error('no example is left');
  return `${JSON.stringify(document, null, 2)}\n`;
}
