import { deadLetter, RmqClient, type Epitaph, type Publication, type Verdict } from '@app/broker';
import { delayed, names, roomArguments, secondsUntil, topology, type CallAnswered } from '@app/contracts';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import { setTimeout as pause } from 'node:timers/promises';
import { lineHeader, type Parcel } from '../parcel';

/** Carries a settlement out: everything is published and confirmed before the message is acknowledged. */
@Injectable()
export class Settle implements OnModuleInit, OnApplicationShutdown {
  private readonly client: RmqClient;
  private readonly prefix: string;
  private closing = false;

  constructor(@Inject(CONSUMER_SETTINGS) { rabbitmqUrls, queuePrefix, bots }: ConsumerSettings) {
    this.prefix = queuePrefix;
    const botNames = bots.map(({ name }) => name);
    this.client = new RmqClient({ urls: rabbitmqUrls, topology: topology(queuePrefix, botNames) });
  }

  onModuleInit(): void {
    this.client.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    await this.client.close();
  }

  get ready(): boolean {
    return this.client.available;
  }

  /** Has the broker hand the message out again at about that time (Unix milliseconds). */
  async delay({ command, delivery }: Parcel, until: number): Promise<Verdict> {
    const seconds = Math.max(1, secondsUntil(until));
    const later = {
      ...delayed(this.prefix, seconds, command.bot, command.priority),
      ...{ body: delivery.message.content, messageId: command.id },
      properties: { headers: ownHeaders(delivery.headers) },
    };
    return (await this.client.insist([later])) ? 'ack' : 'leave';
  }

  /** Puts messages of one line at the end of its waiting room, in this order; false where the broker does not take them. */
  keep(room: string, line: string, parcels: readonly Parcel[]): Promise<boolean> {
    return this.client.insist(
      parcels.map(({ command, delivery }) => ({
        ...{ exchange: '', routingKey: room, body: delivery.message.content, messageId: command.id },
        properties: { headers: { ...ownHeaders(delivery.headers), [lineHeader]: line } },
      })),
    );
  }

  /** Makes a waiting room, and goes on trying while the broker is away. */
  async makeRoom(room: string): Promise<void> {
    while (!this.closing && !(await this.client.make(room, roomArguments(this.prefix)))) await pause(retryMs);
  }

  /** Tells a producer what its client waits for. Nobody here waits for that: what gets lost, the producer finds in the ledger. */
  tell(producer: string, answered: CallAnswered): void {
    const [routingKey, messageId] = [names(this.prefix).answers(producer), answered.id];
    const body = Buffer.from(JSON.stringify(answered));
    void this.client.insist([{ exchange: '', routingKey, body, messageId, forAnyone: true }]);
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

const retryMs = 500;

/** RabbitMQ's own headers of earlier queues say nothing here, and would make it see a circle. */
function ownHeaders(headers: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(headers).filter(([name]) => !/^x-(.*death|delivery-count|opt-)/.test(name));
  return Object.fromEntries(entries);
}
