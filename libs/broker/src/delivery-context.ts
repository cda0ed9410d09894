import { RmqContext } from '@nestjs/microservices';
import type { ConsumeMessage } from 'amqplib';

/** What a handler may answer: `ack` (also by returning nothing), or `leave` to have the broker hand the message out again. */
export type Verdict = void | 'ack' | 'leave';

/** The AMQP side of a delivery, injected by `@Ctx()`. */
export class DeliveryContext extends RmqContext {
  constructor(
    readonly message: ConsumeMessage,
    channel: unknown,
    pattern: string,
    /** The queue that the message was read from. */
    readonly queue: string,
    private readonly reading: { isOpen: boolean },
  ) {
    super([message, channel, pattern]);
  }

  /** False once the broker has taken the message back, or will: nothing is to be begun with it any more. */
  get isLive(): boolean {
    return this.reading.isOpen;
  }

  /** Whether it was asked for, one at a time, and not handed out as the queue's consumer. */
  get isPulled(): boolean {
    return this.message.fields.consumerTag === '';
  }

  get headers(): Record<string, unknown> {
    return this.message.properties.headers ?? {};
  }
}
