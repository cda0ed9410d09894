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
  ) {
    super([message, channel, pattern]);
  }

  get headers(): Record<string, unknown> {
    return this.message.properties.headers ?? {};
  }
}
