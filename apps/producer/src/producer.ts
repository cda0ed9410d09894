import { endInOrder } from '@app/observe';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { InboxServer } from './accept/amqp/inbox.server';
import { maxBodyBytes } from './accept/acceptance';
import { AnswersServer } from './accept/bot-api/answers';
import { openDoor, refuseMalformed } from './accept/bot-api/open-door';
import { askForBearer } from './accept/http/bearer';
import { readBodies } from './accept/http/json-body';
import { malformed } from './accept/http/malformed';
import { describeApi } from './accept/openapi';
import { ProducerModule } from './producer.module';
import type { ProducerSettings } from './producer.settings';

/** How long a request may take to come whole, in milliseconds: Node's own default, which Fastify takes away. */
const requestTimeoutMs = 300_000;

/** Makes the producer, its endpoints and its AMQP listener; listening is the caller's. */
export async function createProducer(settings: ProducerSettings): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ProducerModule.register(settings),
    new FastifyAdapter({
      bodyLimit: maxBodyBytes,
      requestTimeout: requestTimeoutMs,
      routerOptions: { ignoreTrailingSlash: true },
      ...malformed(refuseMalformed),
    }),
    { bufferLogs: true, bodyParser: false },
  );
  app.useLogger(app.get(Logger));
  askForBearer(app, settings.apiTokens);
  readBodies(app);
  openDoor(app);
  endInOrder(app);
  for (const server of [InboxServer, AnswersServer]) {
    app.connectMicroservice({ strategy: app.get(server) }, { inheritAppConfig: false });
  }
  describeApi(app);
  await app.startAllMicroservices();
  return app;
}
