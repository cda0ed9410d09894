import { RmqServer } from '@app/broker';
import { names, topology } from '@app/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { ChannelModel } from 'amqplib';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import { Delivery } from '../delivery';

/** Nobody publishes to the queue of the instances. */
const readNothing = () => ({ unreadable: 'nothing is to be sent here' });

/**
 * Reads the delivery queues of the bots that this instance delivers for. All the time it stands on the queue of the
 * instances, so that they can be counted.
 */
@Injectable()
export class DeliveryServer extends RmqServer {
  /** Hears of every new connection. */
  onConnection: (connection: ChannelModel, lost: AbortSignal) => void = () => undefined;

  constructor(@Inject(CONSUMER_SETTINGS) settings: ConsumerSettings, delivery: Delivery) {
    const bots = settings.bots.map(({ name }) => name);
    super({
      urls: settings.rabbitmqUrls,
      topology: topology(settings.queuePrefix, bots),
      sources: [{ queue: names(settings.queuePrefix).instances, read: readNothing }],
      prefetch: 1,
      onUnreadable: (message, queue, why) => delivery.refuse(message, queue, why),
      onDrain: () => delivery.stop(),
      onConnection: (connection, lost) => this.onConnection(connection, lost),
    });
  }
}
