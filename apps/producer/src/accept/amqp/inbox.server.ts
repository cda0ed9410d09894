import { RmqServer } from '@app/broker';
import { names, topology } from '@app/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Enqueue } from '../../enqueue/enqueue';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { letterPattern, readInbox, readText } from './read-inbox';

/** Enough in hand to keep confirms pipelined, few enough to hand back quickly. */
const prefetch = 100;

/** Reads the inbox, the plain text queues, and the dead letters that are to be put on record. */
@Injectable()
export class InboxServer extends RmqServer {
  constructor(@Inject(PRODUCER_SETTINGS) settings: ProducerSettings, enqueue: Enqueue) {
    const { rabbitmqUrls, queuePrefix, bots, textQueues } = settings;
    super({
      urls: rabbitmqUrls,
      topology: topology(queuePrefix, bots),
      sources: [
        { queue: names(queuePrefix).inbox, read: readInbox },
        { queue: names(queuePrefix).deadRecord, read: () => ({ pattern: letterPattern, data: undefined }) },
        ...textQueues.map((queue) => ({ queue, read: readText, foreign: true })),
      ],
      prefetch,
      onUnreadable: (message, queue, description) =>
        enqueue.bury(message, queue, { reason: 'invalid_command', description }),
    });
  }
}
