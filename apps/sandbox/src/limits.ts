/** The windows: of a whole bot, of a paid broadcast, of one private chat, of one group or channel. */
export const WINDOWS = ['bot', 'paid', 'private', 'group'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** `30/1s`: so many messages in any stretch of so many seconds; `off`: no limit. */
export type LimitSpec = Record<WindowName, string>;

/** The documented limits: core.telegram.org/bots/faq and the `allow_paid_broadcast` parameter. */
export const DOCUMENTED_LIMITS: LimitSpec = { bot: '30/1s', paid: '1000/1s', private: '1/1s', group: '20/60s' };

interface Rate {
  messages: number;
  /** Milliseconds. */
  window: number;
}

/** @returns The rate, `'off'`, or `undefined` when the text is neither. */
export function parseRate(text: string): Rate | 'off' | undefined {
  if (text === 'off') return 'off';
  const [, messages, seconds] = /^(\d+)\/(\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  const rate = { messages: Number(messages), window: Number(seconds) * 1000 };
  return rate.messages >= 1 && rate.window > 0 ? rate : undefined;
}

/** What one call asks of the windows. */
export interface Ask {
  at: number;
  bot: string;
  chat: number;
  group: boolean;
  /** Messages: an album costs its items. */
  cost: number;
  paid: boolean;
  /** Edits spend the bot's and a group's window, not the one message a second of a private chat. */
  edit: boolean;
}

/** The accepted messages of one window, oldest first. */
class SlidingLog {
  private readonly taken: { at: number; cost: number }[] = [];
  private used = 0;

  /** Milliseconds until `cost` fits; 0 when it fits now. A cost above the whole limit fits into an empty window. */
  wait(at: number, cost: number, rate: Rate): number {
    this.forget(at - rate.window);
    const room = Math.max(rate.messages, cost);
    let used = this.used;
    let due = 0;
    for (const past of this.taken) {
      if (used + cost <= room) break;
      used -= past.cost;
      due = past.at + rate.window - at;
    }
    return due;
  }

  take(at: number, cost: number): void {
    this.taken.push({ at, cost });
    this.used += cost;
  }

  /** Drops what was taken at or before `until`; true when nothing is left. */
  forget(until: number): boolean {
    const kept = this.taken.findIndex((past) => past.at > until);
    const gone = this.taken.splice(0, kept === -1 ? this.taken.length : kept);
    for (const past of gone) this.used -= past.cost;
    return this.taken.length === 0;
  }
}

const SWEEP_EVERY = 10_000;

/** Telegram's limits as sliding windows. Refused calls spend nothing. */
export class Limiter {
  private readonly rates = new Map<WindowName, Rate>();
  private readonly spec: LimitSpec = { ...DOCUMENTED_LIMITS };
  private readonly logs = new Map<string, { log: SlidingLog; window: WindowName }>();
  private takes = 0;

  constructor() {
    this.restore();
  }

  get(): LimitSpec {
    return { ...this.spec };
  }

  /** Replaces the windows that are named; `spec` must hold rates that {@link parseRate} understands. */
  set(spec: Partial<LimitSpec>): void {
    for (const name of WINDOWS) {
      const text = spec[name];
      if (text === undefined) continue;
      const rate = parseRate(text);
      if (rate === undefined) throw new RangeError(`limits.${name} must look like 30/1s or be off`);
      this.spec[name] = text;
      if (rate === 'off') this.rates.delete(name);
      else this.rates.set(name, rate);
    }
  }

  /** Takes room for a call; otherwise whole seconds to wait, at least 1, and nothing is taken. */
  take(ask: Ask): number {
    const asked: { window: WindowName; key: string; rate: Rate }[] = [];
    const add = (window: WindowName, key: string) => {
      const rate = this.rates.get(window);
      if (rate) asked.push({ window, key, rate });
    };
    add(ask.paid ? 'paid' : 'bot', `${ask.paid ? 'paid' : 'bot'} ${ask.bot}`);
    if (ask.group) add('group', `chat ${ask.bot} ${ask.chat}`);
    else if (!ask.edit) add('private', `chat ${ask.bot} ${ask.chat}`);

    const wait = Math.max(
      0,
      ...asked.map(({ key, window, rate }) => this.log(key, window).wait(ask.at, ask.cost, rate)),
    );
    if (wait > 0) return Math.max(1, Math.ceil(wait / 1000));
    for (const { key, window } of asked) this.log(key, window).take(ask.at, ask.cost);
    if (++this.takes % SWEEP_EVERY === 0) this.sweep(ask.at);
    return 0;
  }

  /** Back to the documented limits. */
  restore(): void {
    this.set(DOCUMENTED_LIMITS);
  }

  /** Forgets what was sent so far, keeps the rates. */
  clear(): void {
    this.logs.clear();
  }

  private log(key: string, window: WindowName): SlidingLog {
    let entry = this.logs.get(key);
    if (!entry) this.logs.set(key, (entry = { log: new SlidingLog(), window }));
    return entry.log;
  }

  /** A broadcast to 100,000 chats must not leave 100,000 empty logs behind. */
  private sweep(at: number): void {
    for (const [key, { log, window }] of this.logs) {
      const rate = this.rates.get(window);
      if (!rate || log.forget(at - rate.window)) this.logs.delete(key);
    }
  }
}
