import { deadLetter, RmqClient, type Epitaph, type Publication, type Published, type Verdict } from '@app/broker';
import {
  delayed,
  deliverKey,
  names,
  secondsUntil,
  topology,
  type Commands,
  type Pattern,
  type ProblemCode,
  type SendMessage,
} from '@app/contracts';
import { holdBlobs, Ledger, LedgerAway, MessageRecord, unholdBlobs, type StoredEvent } from '@app/ledger';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../producer.settings';

const codes = {
  confirmed: undefined,
  unavailable: 'broker_unavailable',
  unroutable: 'unroutable',
  refused: 'broker_refused',
  unconfirmed: 'unconfirmed',
} as const satisfies Record<Published, ProblemCode | undefined>;

/** Everything that the producer puts on the broker: commands, events, and what nobody can read. */
@Injectable()
export class Enqueue implements OnModuleInit, OnApplicationShutdown {
  private readonly client: RmqClient;
  private readonly prefix: string;

  constructor(
    @Inject(PRODUCER_SETTINGS) { rabbitmqUrls, queuePrefix, bots }: ProducerSettings,
    private readonly record: MessageRecord,
    private readonly ledger: Ledger,
  ) {
    this.prefix = queuePrefix;
    this.client = new RmqClient({ urls: rabbitmqUrls, topology: topology(queuePrefix, bots) });
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

  /** Resolves to nothing once the broker has confirmed all commands on durable queues; else to why not. */
  async enqueue<P extends Pattern>(pattern: P, commands: readonly Commands[P][]): Promise<ProblemCode | undefined> {
    const any: readonly Commands[Pattern][] = commands; // What P is cannot be narrowed once there are several patterns.
    const withFiles = areMessages(pattern, any) ? any.filter(({ files }) => files) : [];
    return withFiles.length > 0 ? this.withFiles(withFiles, pattern, commands) : this.publish(pattern, commands);
  }

  /** Files stay from before their messages are on the broker until those are over. */
  private async withFiles<P extends Pattern>(holders: SendMessage[], pattern: P, commands: readonly Commands[P][]) {
    try {
      if (!(await holdBlobs(this.ledger, holders))) return 'file_gone';
      const problem = await this.publish(pattern, commands);
      if (problem && problem !== 'unconfirmed') await unholdBlobs(this.ledger, holders);
      return problem;
    } catch (error) {
      if (error instanceof LedgerAway) return 'ledger_unavailable';
      throw error;
    }
  }

  private async publish<P extends Pattern>(
    pattern: P,
    commands: readonly Commands[P][],
  ): Promise<ProblemCode | undefined> {
    const problem =
      codes[await this.client.publishConfirmed(commands.map((command) => this.publication(pattern, command)))];
    if (!problem) this.note(pattern, commands);
    return problem;
  }

  /** As {@link enqueue}, for what stands on the broker already: goes on trying, and leaves it there in the end. */
  async forward<P extends Pattern>(pattern: P, commands: readonly Commands[P][]): Promise<Verdict> {
    const taken = await this.client.insist(commands.map((command) => this.publication(pattern, command)));
    if (taken) this.note(pattern, commands);
    return verdict(taken);
  }

  /** Whether a producer lives whose clients of the Bot API door wait; taken for alive where nobody can say. */
  async lives(producer: string): Promise<boolean> {
    return (await this.client.stands(names(this.prefix).answers(producer))) ?? true;
  }

  /** Commands of other patterns come on record when their handlers hand them to the delivery. */
  private note(pattern: Pattern, commands: readonly Commands[Pattern][]): void {
    if (areMessages(pattern, commands)) this.record.queued(commands);
  }

  /** Makes a dead letter of a message that is given up; `leave` where the broker does not take it. */
  async bury(message: ConsumeMessage, queue: string, why: Epitaph): Promise<Verdict> {
    return verdict(await this.client.insist([deadLetter(this.prefix, message, queue, why)]));
  }

  /** Tells whoever is bound to the exchange of events; false where the broker does not take it. */
  announce(events: readonly StoredEvent[]): Promise<boolean> {
    return this.client.insist(
      events.map(({ seq, status, data }) => ({
        exchange: names(this.prefix).events,
        routingKey: `message.${status}`,
        body: Buffer.from(data),
        messageId: `${seq}`,
        forAnyone: true,
        properties: { contentType: 'application/json' },
      })),
    );
  }

  private publication(pattern: Pattern, command: Commands[Pattern]): Publication {
    const priority = 'priority' in command ? command.priority : 'normal';
    const seconds = 'send_at' in command ? secondsUntil(command.send_at) : 0;
    return {
      ...(seconds > 0
        ? delayed(this.prefix, seconds, command.bot, priority)
        : { exchange: names(this.prefix).deliver, routingKey: deliverKey(command.bot, priority) }),
      body: Buffer.from(JSON.stringify({ pattern, data: command })),
      messageId: command.id,
    };
  }
}

const verdict = (taken: boolean): Verdict => (taken ? 'ack' : 'leave');

const areMessages = (pattern: Pattern, _: readonly unknown[]): _ is readonly Commands['message.send'][] =>
  pattern === ('message.send' satisfies Pattern);
