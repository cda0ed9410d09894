import type { DeliveryContext, Verdict } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import { type BeforeApplicationShutdown, Controller, Logger } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { ConsumeMessage, Options } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance } from '../acceptance';
import { Once } from '../once';
import { accept } from './read-inbox';

/** Takes in what stands in the inbox and in the plain text queues. */
@Controller()
export class InboxListener implements BeforeApplicationShutdown {
  private isStopping = false;
  private readonly logger = new Logger(InboxListener.name);

  constructor(
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
    private readonly once: Once,
  ) {}

  /** What waits for the ledger goes back to the broker. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  @EventPattern(accept)
  async take(@Payload() body: unknown, @Ctx() { message, queue }: DeliveryContext): Promise<Verdict> {
    const read = this.acceptance.read(body);
    if ('commands' in read) return this.forward(read.commands, body, message, queue);
    const description = read.errors.map(({ field, message: problem }) => `${field} ${problem}`.trim()).join('; ');
    return this.bury(message, queue, description);
  }

  /** A message with `message_id` is taken once, whoever publishes it again; one without as often as it comes. */
  private async forward(commands: SendMessage[], body: unknown, message: ConsumeMessage, queue: string) {
    const key = (message.properties as Options.Publish).messageId;
    if (!key) return this.enqueue.forward('message.send', commands);
    const enqueue = async (all: SendMessage[]) =>
      (await this.enqueue.forward('message.send', all)) === 'ack' ? undefined : ('broker_unavailable' as const);
    for (const start = performance.now(); ; await pause(retryMs)) {
      const taken = await this.once.take(`amqp ${queue}`, key, body, commands, enqueue);
      if (!('problem' in taken)) return 'ack';
      if (taken.problem === 'idempotency_key_reused') {
        return this.bury(message, queue, 'message_id was used with another body within 24 hours');
      }
      const isLate = this.isStopping || performance.now() - start > patienceMs;
      if (isLate || taken.problem === 'broker_unavailable') return 'leave';
    }
  }

  private bury(message: ConsumeMessage, queue: string, description: string): Promise<Verdict> {
    this.logger.warn({ msg: 'dead-lettered', queue, reason: 'invalid_command', description });
    return this.enqueue.bury(message, queue, { reason: 'invalid_command', description });
  }
}

/** How long a message is kept in hand for a ledger that is away, and pause between two tries, in milliseconds. */
const patienceMs = 600_000;
const retryMs = 500;
