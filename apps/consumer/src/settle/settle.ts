import { deadLetter, RmqClient, type Epitaph, type Publication, type Verdict } from '@app/broker';
import { names, parkSeconds, topology } from '@app/contracts';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import { headersOf, type Parcel } from '../parcel';
import { Recent } from './recent';

/** Carries a settlement out: everything is published and confirmed before the message is acknowledged. */
@Injectable()
export class Settle implements OnModuleInit, OnApplicationShutdown {
  private readonly client: RmqClient;
  private readonly prefix: string;
  private readonly recent = new Recent();

  constructor(@Inject(CONSUMER_SETTINGS) { rabbitmqUrls, queuePrefix, bots }: ConsumerSettings) {
    this.prefix = queuePrefix;
    const botNames = bots.map(({ name }) => name);
    this.client = new RmqClient({ urls: rabbitmqUrls, topology: topology(queuePrefix, botNames) });
  }

  onModuleInit(): void {
    this.client.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }

  get ready(): boolean {
    return this.client.available;
  }

  /** True for a copy of a message that waits as a newer one: it is to be acknowledged without another look. */
  isStale({ command, hops }: Parcel): boolean {
    return this.recent.isStale(command.id, hops);
  }

  /** Has the broker hold the message until about that time (Unix milliseconds); a longer wait takes several parkings. */
  async park(parcel: Parcel, notBefore: number): Promise<Verdict> {
    const { command, delivery } = parcel;
    const hops = parcel.hops + 1;
    const parked = await this.client.insist([
      {
        exchange: names(this.prefix).park,
        routingKey: `${parkFor(notBefore - Date.now())}.${command.bot}`,
        body: delivery.message.content,
        messageId: command.id,
        properties: { headers: { ...delivery.headers, ...headersOf({ ...parcel, hops, notBefore }) } },
      },
    ]);
    if (!parked) return 'leave';
    this.recent.parked(command.id, hops);
    return 'ack';
  }

  deadLetter(parcel: Parcel, why: Epitaph): Promise<Verdict> {
    return this.bury(parcel.delivery.message, parcel.delivery.queue, why);
  }

  /** Gives up a message that is no parcel, because nobody understands it. */
  async bury(message: ConsumeMessage, queue: string, why: Epitaph): Promise<Verdict> {
    const letter: Publication = deadLetter(this.prefix, message, queue, why);
    return (await this.client.insist([letter])) ? 'ack' : 'leave';
  }
}

/** The longest waiting queue that is not longer than the wait, in seconds; the rest is waited out at the next look. */
const parkFor = (ms: number): number => parkSeconds.findLast((seconds) => seconds * 1000 <= ms) ?? parkSeconds[0];
