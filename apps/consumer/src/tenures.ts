import { countConsumers, giveLease, takeLease } from '@app/broker';
import { names } from '@app/contracts';
import { Ledger } from '@app/ledger';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ChannelModel } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import { Bots } from './bots';
import { DeliveryServer } from './consume';
import { CONSUMER_SETTINGS, type ConsumerSettings } from './consumer.settings';
import { Flights } from './flights';
import { ChatBook, Settle } from './settle';
import { Tenure } from './tenure';

/** Pause between two looks at which bots are free, in milliseconds. */
const lookMs = 500;
/** Looks to leave a bot alone for that somebody else holds: the broker logs each try as an error. A lost instance ends it. */
const looksWhileHeld = 6;
/** Looks that a bot must have been free for before an instance takes it that has its share already. */
const looksBeyondShare = 4;
/** Looks after which an instance that has more than its share gives a bot up; longer than a dead one is still counted. */
const looksBeforeGiving = 40;

/** Which bots this instance delivers for: each bot has one instance at a time, and bots are spread over instances. */
@Injectable()
export class Tenures implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Tenures.name);
  /** By the connection that stands now; what is under way for an earlier one has its own. */
  private held: ReadonlyMap<string, Tenure> = new Map();
  /** Looks until the next try, by bot. */
  private readonly pauses = new Map<string, number>();
  private instances = 0;
  private surplusFor = 0;
  private readonly prefix: string;
  private isStopping = false;

  constructor(
    @Inject(CONSUMER_SETTINGS) { queuePrefix }: ConsumerSettings,
    private readonly bots: Bots,
    private readonly server: DeliveryServer,
    private readonly settle: Settle,
    private readonly chats: ChatBook,
    private readonly flights: Flights,
    private readonly ledger: Ledger,
  ) {
    this.prefix = queuePrefix;
    server.onConnection = (connection, lost) => void this.follow(connection, lost);
  }

  /** Whether this instance delivers for the bot. */
  isActive(bot: string): boolean {
    return this.held.get(bot)?.isReading ?? false;
  }

  /** Before the server closes: what it cancels then must not be read again. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /** Looks after the bots for as long as the connection stands. */
  private async follow(connection: ChannelModel, lost: AbortSignal): Promise<void> {
    const held = new Map<string, Tenure>();
    this.held = held;
    lost.addEventListener('abort', () => held.forEach((tenure) => tenure.lost()));
    while (!lost.aborted && !this.isStopping) {
      // Whatever fails here fails with the connection, and a new one begins anew.
      await this.look(connection, held).catch((error: Error) => lost.aborted || this.logger.warn(error.message));
      await pause(lookMs, undefined, { ref: false });
    }
  }

  private async look(connection: ChannelModel, held: Map<string, Tenure>): Promise<void> {
    const failed = (error: Error) => this.logger.warn(error.message);
    for (const tenure of held.values()) void tenure.check().catch(failed); // What drains must not keep other bots.
    const bots = [...this.bots.all];
    const instances = await countConsumers(connection, names(this.prefix).instances);
    if (instances !== this.instances) this.pauses.clear();
    this.instances = instances;
    const share = Math.ceil(bots.length / Math.max(1, instances));
    for (const { name } of bots) {
      if (held.has(name)) continue;
      // One that has its share already lets the others go first.
      const pauses = this.pauses.get(name) ?? (held.size >= share ? looksBeyondShare : 0);
      this.pauses.set(name, pauses - 1);
      if (pauses > 0) continue;
      if (await takeLease(connection, names(this.prefix).lease(name))) await this.take(name, connection, held);
      else this.pauses.set(name, looksWhileHeld);
    }
    this.surplusFor = held.size > share ? this.surplusFor + 1 : 0;
    if (this.surplusFor > looksBeforeGiving) await this.giveOne(connection, held);
  }

  private async take(name: string, connection: ChannelModel, held: Map<string, Tenure>): Promise<void> {
    const { server, settle, chats, flights, ledger, prefix } = this;
    const tenure = new Tenure(this.bots.of(name), connection, { server, settle, chats, flights, ledger, prefix });
    this.pauses.delete(name);
    held.set(name, tenure);
    this.logger.log(`This instance delivers for bot ${name}`);
    // With the connection it ends as well; with anything else that fails it has to be tried again.
    await tenure.begin().catch(async (error: Error) => {
      held.delete(name);
      await giveLease(connection, names(prefix).lease(name));
      throw error;
    });
  }

  private async giveOne(connection: ChannelModel, held: Map<string, Tenure>): Promise<void> {
    const [name, tenure] = [...held].at(-1)!;
    this.surplusFor = 0;
    await tenure.end();
    held.delete(name);
    await giveLease(connection, names(this.prefix).lease(name));
    this.pauses.set(name, 2 * looksWhileHeld); // Or it would often be back before the others look.
    this.logger.log(`This instance leaves bot ${name} to another`);
  }
}
