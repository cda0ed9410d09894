import type { DeliveryContext, Verdict } from '@app/broker';
import { sendMessage, type Pattern } from '@app/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { Delivery } from '../delivery';

@Controller()
export class SendMessageListener {
  constructor(private readonly delivery: Delivery) {}

  @EventPattern('message.send' satisfies Pattern)
  handle(@Payload() data: unknown, @Ctx() context: DeliveryContext): Promise<Verdict> {
    const command = sendMessage.safeParse(data);
    return command.success
      ? this.delivery.deliver(command.data, context)
      : this.delivery.refuse(context.message, context.queue, z.prettifyError(command.error));
  }
}
