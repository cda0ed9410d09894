import { BLOBS, openBlobs } from '@app/blobs';
import { Guard } from '@app/guard';
import { Ledger, MessageRecord } from '@app/ledger';
import { logging, ObserveModule } from '@app/observe';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { Acceptance } from './accept/acceptance';
import { InboxListener } from './accept/amqp/inbox.listener';
import { InboxServer } from './accept/amqp/inbox.server';
import { AnswersListener, AnswersServer } from './accept/bot-api/answers';
import { Door } from './accept/bot-api/door';
import { DoorMetrics } from './accept/bot-api/door-metrics';
import { Passage } from './accept/bot-api/passage';
import { QueuedCalls } from './accept/bot-api/queued-calls';
import { Waiting } from './accept/bot-api/waiting';
import { Edits } from './accept/edits';
import { EditsController } from './accept/http/edits.controller';
import { MessagesController } from './accept/http/messages.controller';
import { ProblemFilter } from './accept/http/problem.filter';
import { Once } from './accept/once';
import { Uploads } from './accept/uploads/uploads';
import { Enqueue } from './enqueue/enqueue';
import { DeadLettersController } from './report/dead-letters/dead-letters.controller';
import { LettersListener } from './report/dead-letters/letters.listener';
import { Replay } from './report/dead-letters/replay';
import { EventsController } from './report/events/events.controller';
import { EventFeed } from './report/events/feed';
import { EventRelay } from './report/events/relay';
import { ChatsController } from './report/chats.controller';
import { Courier } from './report/webhooks/courier';
import { WebhooksController } from './report/webhooks/webhooks.controller';
import { BlobSweep } from './report/blob-sweep';
import { Retention } from './report/retention';
import { ReportController } from './report/messages.controller';
import { PRODUCER_SETTINGS, type ProducerSettings } from './producer.settings';

@Module({})
export class ProducerModule {
  static register(settings: ProducerSettings): DynamicModule {
    const settingsProvider = { provide: PRODUCER_SETTINGS, useValue: settings };
    return {
      module: ProducerModule,
      global: true,
      imports: [
        LoggerModule.forRoot(logging('producer', settings.logLevel)),
        ObserveModule.registerAsync({
          inject: [Enqueue, InboxServer, AnswersServer, Ledger],
          readiness: (enqueue: Enqueue, inbox: InboxServer, answers: AnswersServer, ledger: Ledger) => ({
            broker: () => enqueue.ready,
            inbox: () => inbox.consuming,
            answers: () => answers.consuming,
            ledger: () => ledger.available,
          }),
        }),
      ],
      controllers: [
        MessagesController,
        EditsController,
        ReportController,
        ChatsController,
        EventsController,
        DeadLettersController,
        WebhooksController,
        LettersListener,
        InboxListener,
        AnswersListener,
      ],
      providers: [
        settingsProvider,
        { provide: Ledger, useFactory: () => new Ledger(settings.databaseUrl) },
        {
          provide: MessageRecord,
          inject: [Ledger],
          useFactory: (ledger: Ledger) => new MessageRecord(ledger, settings.ledgerBodies),
        },
        { provide: BLOBS, useFactory: () => openBlobs(settings) },
        Acceptance,
        Edits,
        Uploads,
        Enqueue,
        Once,
        ...[Door, DoorMetrics, Passage, QueuedCalls, Waiting, AnswersServer],
        EventFeed,
        EventRelay,
        { provide: Guard, useFactory: () => new Guard(settings.webhookAllow, 'WEBHOOK_ALLOW') },
        Courier,
        Replay,
        Retention,
        BlobSweep,
        InboxServer,
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [Enqueue, InboxServer, AnswersServer, Ledger],
    };
  }
}
