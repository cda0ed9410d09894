import { RmqServer } from '@app/broker';
import { names, topology } from '@app/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import { Delivery } from '../delivery';
import { readDelivery } from './read-delivery';

/** Messages of one bot in memory at once: ten seconds of what Telegram takes, so that no chat waits for another's. */
const prefetch = 300;

/** Reads the delivery queues of all bots. */
@Injectable()
export class DeliveryServer extends RmqServer {
  constructor(@Inject(CONSUMER_SETTINGS) settings: ConsumerSettings, delivery: Delivery) {
    const bots = settings.bots.map(({ name }) => name);
    super({
      urls: settings.rabbitmqUrls,
      topology: topology(settings.queuePrefix, bots),
      sources: bots.map((bot) => ({ queue: names(settings.queuePrefix).deliverQueue(bot), read: readDelivery })),
      prefetch,
      onUnreadable: (message, queue, why) => delivery.refuse(message, queue, why),
      onDrain: () => delivery.stop(),
    });
  }
}
