import type { Pacer } from './pacer';
import { MAX_HOLD_MS, type Turn, type Waiter } from './turn';
import type { VirtualClock } from './virtual-clock';

/** A message of the specs: `order` tells them apart, and says which was first. */
export interface Message extends Waiter {
  order: number;
}

/** One call to Telegram that the pacer allowed, and when it left. */
export interface Start extends Message {
  at: number;
}

/** Who must wait after a call: its chat by a 429, the message and so its chat by a back-off, or the bot. */
export interface Wait {
  scope: 'chat' | 'message' | 'bot';
  untilMs: number;
}

/** How the world around the pacer behaves in a spec; all in milliseconds, asked for each message anew. */
export interface World {
  /** How long a call waits for its connection before it leaves. */
  connecting?: (message: Message) => number;
  /** How long Telegram takes to answer. */
  latency?: (start: Start) => number;
  /** What Telegram's answer makes wait, if anything. The message is then tried again. */
  wait?: (start: Start) => Wait | undefined;
}

/** Stands for delivery and waiting rooms in the specs: sends on `go`, puts into rooms on `later`, and writes all of it down. */
export class VirtualSender {
  readonly starts: Start[] = [];
  readonly laters: { message: Message; notBefore: number }[] = [];
  readonly stopped: Message[] = [];
  sent = 0;
  /** What waits on the broker, by chat and class. */
  readonly rooms = new Map<string, Message[]>();

  constructor(
    private readonly pacer: Pacer,
    private readonly clock: VirtualClock,
    private readonly world: World = {},
  ) {}

  /** Lets a message arrive now; of what is not said it has an ordinary value. */
  arrive({ cost = 1, ...message }: Partial<Message> & { order: number; cost?: number }): void {
    const whole: Message = {
      ...{ lane: '7', priority: 'normal', toll: { bot: cost, chat: cost, paid: false } },
      ...message,
    };
    const room = this.rooms.get(roomOf(whole));
    if (room) room.push(whole);
    else void this.take(whole);
  }

  /** The order stamps of the lane's calls, as they went. */
  ordersOf(lane: string): number[] {
    return this.starts.filter((start) => start.lane === lane).map((start) => start.order);
  }

  private async take(message: Message): Promise<void> {
    const onLater = (notBefore: number) => this.putAway(message, notBefore);
    for (let turn = await this.pacer.turn({ ...message, onLater }); ;) {
      if (turn.kind === 'stopped') return void this.stopped.push(message);
      if (turn.kind === 'later') return;
      const connecting = this.world.connecting?.(message) ?? 0;
      if (connecting > 0) await this.pass(connecting);
      const next = await this.call(message, turn);
      if (!next) return;
      turn = next;
    }
  }

  private async call(message: Message, turn: Extract<Turn, { kind: 'go' }>): Promise<Turn | undefined> {
    turn.left();
    const start = { ...message, at: this.clock.now() };
    this.starts.push(start);
    const tookMs = this.world.latency?.(start) ?? 0;
    await this.pass(tookMs);
    const wait = this.world.wait?.(start);
    if (wait?.scope === 'chat') turn.heard({ retryAfterMs: wait.untilMs - this.clock.now() });
    else if (wait?.scope === 'bot') this.pacer.holdBot(wait.untilMs);
    else turn.heard({ tookMs });
    if (wait) return turn.again(wait.untilMs);
    this.sent++;
    turn.end();
    return undefined;
  }

  /** Messages of no chat have no room: they come back when it is time. */
  private putAway(message: Message, notBefore: number): void {
    this.laters.push({ message, notBefore });
    if (message.lane === '') return void this.clock.timer(notBefore - this.clock.now(), () => void this.take(message));
    const room = this.rooms.get(roomOf(message));
    if (!room) {
      this.rooms.set(roomOf(message), [message]);
      void this.serve(roomOf(message));
    } else if (room[0] && room[0].order > message.order) room.unshift(message);
    else room.push(message);
  }

  private async serve(name: string): Promise<void> {
    const room = this.rooms.get(name)!;
    for (let first = room[0]; first; first = room[0]) {
      const early = this.pacer.closedForMs(first.lane) - MAX_HOLD_MS;
      if (early > 0) {
        await this.pass(Math.min(early, 3_600_000));
        continue;
      }
      room.shift();
      await this.take({ ...first, isPatient: true });
      if (this.stopped.length > 0) return;
    }
    this.rooms.delete(name);
  }

  private pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.timer(ms, resolve));
  }
}

const roomOf = ({ lane, priority }: Message): string => `${lane} ${priority}`;
