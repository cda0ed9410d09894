import { endInOrder } from '@app/observe';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { DeliveryServer } from './consume';
import { checkHandlers } from './consume/handlers';
import { ConsumerModule } from './consumer.module';
import type { ConsumerSettings } from './consumer.settings';

/** Makes the consumer and starts to deliver; its HTTP side serves health and metrics only, and listening is the caller's. */
export async function createConsumer(settings: ConsumerSettings): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsumerModule.register(settings),
    new FastifyAdapter(),
    { bufferLogs: true },
  );
  app.useLogger(app.get(Logger));
  endInOrder(app);
  const server = app.get(DeliveryServer);
  app.connectMicroservice({ strategy: server }, { inheritAppConfig: false });
  checkHandlers(server);
  await app.startAllMicroservices();
  return app;
}
