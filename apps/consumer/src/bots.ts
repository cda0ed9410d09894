import type { Reason, SendMessage } from '@app/contracts';
import type { Hold } from '@app/ledger';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONSUMER_SETTINGS, type ConsumerSettings } from './consumer.settings';
import type { Outcome } from './outcome';
import { isGroup, laneKey, Pacers, tollOf, type Go, type Pacer, type Waiter } from './pace';
import { changed, isExpired, type Parcel } from './parcel';
import { Circuit, Sender, simpler, toChat } from './send';
import { ChatBook, type Ending } from './settle';
import type { WaitingRooms } from './wait';

/** What one bot delivers with. */
export interface Bot {
  name: string;
  pacer: Pacer;
  circuit: Circuit;
  /** Methods that its server did not know, by name in lower case, and when it said so. */
  unknownAt: Map<string, number>;
  /** While this instance delivers for the bot. */
  rooms?: WaitingRooms;
}

/** Shorter holds are not worth the record: a successor is not there so soon. In milliseconds. */
const shortestHoldMs = 1_000;

/** For how long a server is taken not to know a method that it did not know; it may be updated. In milliseconds. */
const unknownForMs = 3_600_000;

/** The bots of this instance, and what their calls tell of chats, limits and Telegram. */
@Injectable()
export class Bots {
  private readonly logger = new Logger(Bots.name);
  private readonly byName: ReadonlyMap<string, Bot>;

  constructor(
    @Inject(CONSUMER_SETTINGS) { bots }: ConsumerSettings,
    private readonly pacers: Pacers,
    private readonly sender: Sender,
    private readonly chats: ChatBook,
  ) {
    this.byName = new Map(bots.map(({ name }) => [name, this.make(name)]));
  }

  get all(): Iterable<Bot> {
    return this.byName.values();
  }

  /** @throws Error where no bot has that name. */
  of(name: string): Bot {
    const bot = this.byName.get(name);
    if (!bot) throw new Error(`no bot is named ${JSON.stringify(name)}`);
    return bot;
  }

  /** The message as it can be sent by what is known by now of its chat, which may have become another, and of its server. */
  asKnown(parcel: Parcel): Parcel {
    const { fallback, bot, method } = parcel.command;
    const { command, ...known } =
      fallback && this.lacks(bot, method) ? changed(parcel, simpler(parcel.command)) : parcel;
    if (command.chat_id === undefined || command.exact) return { ...known, command }; // The door's clients follow by themselves.
    const moved = toChat(command, this.chats.chatNow(bot, String(command.chat_id)));
    return { ...known, command: moved?.command ?? command };
  }

  private lacks(bot: string, method: string): boolean {
    return (this.of(bot).unknownAt.get(method.toLowerCase()) ?? 0) > Date.now() - unknownForMs;
  }

  /** The chat as it is now, by one name for every way to write it; '' for a message of no chat. */
  laneOf({ bot, payload, chat_id }: Pick<SendMessage, 'bot' | 'payload' | 'chat_id'>): string {
    const chat = typeof payload.chat_id === 'string' || typeof payload.chat_id === 'number' ? payload.chat_id : chat_id;
    return chat === undefined ? '' : laneKey(this.chats.chatNow(bot, laneKey(chat)));
  }

  /** What a message asks of the pacer. */
  wishOf(command: SendMessage): Waiter {
    const lane = this.laneOf(command);
    return { lane, toll: tollOf(command, isGroup(lane)), priority: command.priority };
  }

  /** Draws from an outcome what follows for others than the message. @returns the waits that must outlive this process */
  hear(command: SendMessage, turn: Go, outcome: Outcome, until: number, tookMs: number): Hold[] {
    const { pacer, circuit, unknownAt, rooms } = this.of(command.bot);
    const lane = this.laneOf(command);
    circuit.hear(outcome);
    if (outcome.kind === 'rejected' && outcome.reason === 'method_not_found' && command.fallback) {
      unknownAt.set(command.method.toLowerCase(), Date.now());
    }
    this.chats.hear(command.bot, lane, outcome);
    if (outcome.kind === 'rejected' && outcome.migratedTo !== undefined) rooms?.moved();
    if (outcome.kind === 'retry' && outcome.reason === 'rate_limited')
      turn.heard({ retryAfterMs: outcome.retryAfterMs });
    // Fetching or taking in a file may well take long; a text is slow where Telegram makes it wait.
    else if (isAnswer(outcome)) turn.heard({ tookMs: isText(command) ? tookMs : undefined });
    const now = Date.now();
    const botUntil = pacer.heldForMs === Infinity ? 0 : now + pacer.heldForMs;
    const holds = [
      { chat: lane, until: lane === '' ? 0 : until },
      { chat: '', until: botUntil },
    ];
    return holds.filter((hold) => hold.until - now >= shortestHoldMs);
  }

  /**
   * Why it is not even tried. What is sent again on purpose finds out whether a chat takes messages again, and a client of
   * the Bot API is to hear that from Telegram.
   */
  endingOf({ command, parts }: Parcel): Ending | undefined {
    // What has begun to arrive arrives whole.
    if (parts === 0 && isExpired(command)) return { status: 'expired', reason: 'expired' };
    if (command.replay_of || command.exact) return undefined;
    const reason = this.chats.suppressed(command.bot, this.laneOf(command));
    return reason && { status: 'failed', reason };
  }

  /** Begins nothing any more. */
  stop(): void {
    this.pacers.stop();
    for (const { circuit } of this.all) circuit.stop();
  }

  private make(name: string): Bot {
    const pacer = this.pacers.of(name);
    const circuit = new Circuit({
      probe: () => this.sender.send(name, 'getMe', {}),
      onOpen: (reason: Reason) => {
        pacer.halt();
        this.logger.warn(`Bot ${name} waits: ${reason}`);
      },
      onClose: () => {
        pacer.resume();
        this.logger.log(`Bot ${name} goes on`);
      },
    });
    return { name, pacer, circuit, unknownAt: new Map() };
  }
}

/** Whether Telegram itself took the call or refused it. */
const isAnswer = ({ kind }: Outcome): boolean => kind === 'sent' || kind === 'rejected';

const isText = ({ method }: SendMessage): boolean =>
  /^(sendMessage|editMessageText|forwardMessage|copyMessage)$/i.test(method);
