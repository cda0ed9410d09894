import { RmqServer, type Incoming } from '@app/broker';
import { callAnswered, names, type CallAnswered } from '@app/contracts';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { ConsumeMessage } from 'amqplib';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { Waiting } from './waiting';

/** Pattern of an answer that somebody may wait for; never leaves the process. */
const answered = 'call.answered';

/** Enough in hand to hand out what a whole second brings. */
const prefetch = 100;

/** Reads the answers for the clients of this producer. */
@Injectable()
export class AnswersServer extends RmqServer {
  constructor(@Inject(PRODUCER_SETTINGS) { rabbitmqUrls, queuePrefix }: ProducerSettings, waiting: Waiting) {
    super({
      urls: rabbitmqUrls,
      topology: { exchanges: [], queues: [], bindings: [], routes: [] },
      sources: [{ queue: names(queuePrefix).answers(waiting.producer), read, exclusive: true }],
      prefetch,
      onUnreadable: () => Promise.resolve('ack'),
      // What came while there was no connection is in the ledger.
      onConnection: () => void waiting.lookAll(),
    });
  }
}

@Controller()
export class AnswersListener {
  constructor(private readonly waiting: Waiting) {}

  @EventPattern(answered)
  hear(@Payload() { id, answer }: CallAnswered): void {
    this.waiting.answered(id, answer);
  }
}

function read({ content }: ConsumeMessage): Incoming {
  try {
    return { pattern: answered, data: callAnswered.parse(JSON.parse(content.toString())) };
  } catch {
    return { unreadable: 'it is no answer' };
  }
}
