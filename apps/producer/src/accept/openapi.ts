import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { doorPaths } from './bot-api/door-paths';

/** The OpenAPI document, made from the zod schemas of the contracts. */
export function openApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('TelegraMQ')
    .setDescription('Hands messages over to be kept on RabbitMQ and delivered to Telegram.')
    .setVersion('1')
    .addSecurity('bearer', {
      type: 'http',
      scheme: 'bearer',
      description: 'A secret of API_TOKENS. Not asked for while API_TOKENS is not set.',
    })
    .addTag('messages', 'Hand messages over, and ask what became of them')
    .addTag('bot api', 'The door for unchanged clients of Telegram')
    .addTag('chats', 'What is known of chats')
    .addTag('dead letters', 'What was given up, and how to send it again')
    .addTag('events', 'Hear what happens to messages')
    .addTag('webhooks', 'Be told what happens to messages')
    .addTag('health', 'For orchestrators and monitoring; served by both apps, without a token')
    .build();
  const document = cleanupOpenApiDoc(SwaggerModule.createDocument(app, about));
  return { ...document, paths: { ...document.paths, ...doorPaths } };
}

/** Serves it: `GET /openapi.json` for tools, `GET /docs` for people. */
export function describeApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApi(app), { jsonDocumentUrl: 'openapi.json' });
}
