import type { DeliveryContext, Verdict } from '@app/broker';
import { Controller, Logger } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance } from '../acceptance';
import { accept } from './read-inbox';

/** Takes in what stands in the inbox and in the plain text queues. */
@Controller()
export class InboxListener {
  private readonly logger = new Logger(InboxListener.name);

  constructor(
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
  ) {}

  @EventPattern(accept)
  async take(@Payload() body: unknown, @Ctx() { message, queue }: DeliveryContext): Promise<Verdict> {
    const read = this.acceptance.read(body);
    if ('commands' in read) return this.enqueue.forward('message.send', read.commands);
    const description = read.errors.map(({ field, message: problem }) => `${field} ${problem}`.trim()).join('; ');
    this.logger.warn({ msg: 'dead-lettered', queue, reason: 'invalid_command', description });
    return this.enqueue.bury(message, queue, { reason: 'invalid_command', description });
  }
}
