import { stands, type Reading } from '@app/broker';
import { names, priorities } from '@app/contracts';
import { findCalls, findHolds, type Ledger } from '@app/ledger';
import type { ChannelModel } from 'amqplib';
import type { Bot } from './bots';
import { readDelivery, type DeliveryServer } from './consume';
import type { Flights } from './flights';
import { laneKey, MAX_HOLD_MS } from './pace';
import { laneOfLine } from './parcel';
import type { ChatBook, Settle } from './settle';
import { WaitingRooms } from './wait';

/** Messages of one bot and class in memory at once, so that no chat waits for another's. */
const prefetch = { high: 100, normal: 300, bulk: 100 } as const;
/** A bot that is held for longer gives its messages back to the broker meanwhile, in milliseconds. */
const longestHeldMs = 60_000;
/** Calls of an earlier process that may still count, in milliseconds: the longest documented window, and clocks. */
const windowMs = 65_000;

export interface TenureParts {
  server: DeliveryServer;
  settle: Settle;
  chats: ChatBook;
  flights: Flights;
  ledger: Ledger;
  prefix: string;
}

/**
 * The time in which this instance is the one that delivers for a bot: from the lease to its end. It begins with what the
 * ledger and the broker know of earlier ones, so that limits, waits and order hold across instances.
 */
export class Tenure {
  private reading: Reading | undefined;
  private heldSince: number | undefined;
  private hasBegun = false;
  private isOver = false;
  private checking: Promise<void> | undefined;

  constructor(
    private readonly bot: Bot,
    private readonly connection: ChannelModel,
    private readonly parts: TenureParts,
  ) {}

  /** Whether messages are being read. */
  get isReading(): boolean {
    return this.reading?.isOpen ?? false;
  }

  /** Learns what was before, and begins to read. */
  async begin(): Promise<void> {
    const { chats, ledger } = this.parts;
    const { name, pacer } = this.bot;
    await ledger.insist(() => chats.open());
    const holds = await ledger.insist(() => findHolds(ledger, name));
    const calls = await ledger.insist(() => findCalls(ledger, name, Date.now() - windowMs));
    const laneOf = (chat: string) => (chat === '' ? '' : laneKey(chats.chatNow(name, laneKey(chat))));
    pacer.recall(calls.map(({ chat, ...call }) => ({ ...call, lane: laneOf(chat) })));
    for (const { chat, until } of holds) {
      if (chat === '') pacer.holdBot(until);
      else pacer.holdChat(laneOf(chat), until);
    }
    await this.read();
    this.hasBegun = true;
  }

  /** Looks whether the bot has been held for too long, or is free again; one look at a time. */
  check(): Promise<void> {
    this.checking ??= this.look().finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async look(): Promise<void> {
    if (!this.hasBegun) return;
    const isHeld = this.bot.pacer.heldForMs > MAX_HOLD_MS || !this.parts.ledger.available;
    if (!isHeld) this.heldSince = undefined;
    else this.heldSince ??= performance.now();
    const heldForMs = this.heldSince === undefined ? 0 : performance.now() - this.heldSince;
    if (this.isReading && heldForMs > longestHeldMs) await this.suspend();
    else if (!this.isReading && !isHeld) await this.read();
  }

  /** Hands everything that has not begun back to the broker, in order; what is under way is settled first. */
  async suspend(): Promise<void> {
    const { reading } = this;
    this.bot.rooms = undefined;
    await reading?.cancel();
    this.bot.pacer.clear();
    await reading?.drained();
    await reading?.channel.close().catch(() => undefined); // It is gone with its connection.
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.suspend();
  }

  /** The connection is gone: the broker has taken everything back. */
  lost(): void {
    this.isOver = true;
    this.bot.rooms = undefined;
    this.bot.pacer.clear();
  }

  private async read(): Promise<void> {
    const { server, prefix, settle, chats, flights } = this.parts;
    const { name, pacer } = this.bot;
    const reading = await server.open(this.connection);
    const at = names(prefix);
    const lineNow = (line: string) => line.replace(/^\S+/, (chat) => laneKey(chats.chatNow(name, chat)));
    const rooms = new WaitingRooms({
      ...{ reading, read: readDelivery },
      queueOf: (number) => at.room(name, number),
      stands: (queue) => stands(this.connection, queue),
      make: (queue) => settle.makeRoom(queue),
      keep: (queue, line, parcels) => settle.keep(queue, line, parcels),
      lineNow,
      closedForMs: (line) => pacer.closedForMs(laneOfLine(lineNow(line))) - MAX_HOLD_MS,
      underWay: (line) => flights.inLine(`${name} ${line}`),
    });
    this.bot.rooms = rooms;
    // Whatever ends the channel, the broker has taken back what waits here.
    reading.channel.once('close', () => pacer.clear());
    this.reading = reading;
    await rooms.recover().catch(async (error: unknown) => {
      await this.suspend();
      throw error;
    });
    if (this.isOver || !reading.isOpen) return; // It was ended meanwhile.
    for (const priority of priorities) {
      const queue = at.deliverQueue(name, priority);
      await reading.consume({ queue, read: readDelivery }, prefetch[priority], () => server.cancelled(queue));
    }
  }
}
