/**
 * How long a message may wait in memory, unacknowledged, for its chat or its bot, in milliseconds. A longer wait is
 * parked on the broker: RabbitMQ closes the channel of a consumer that keeps a message for 30 minutes, and a message
 * in memory takes a prefetch slot from the chats that could go.
 */
export const MAX_HOLD_MS = 10_000;

/** Which goes first where several lanes could go. */
export type Priority = 'high' | 'normal' | 'bulk';

/** The classes as numbers; the lowest is the most urgent. */
export const RANK: Readonly<Record<Priority, number>> = { high: 0, normal: 1, bulk: 2 };

/** A message that wants to go. */
export interface Waiter {
  /** The chat's key, from `laneKey`; `''` has no lane: no order and no limit but the bot's. */
  lane: string;
  /** Stamp of when it was first seen, kept through parking; the lower goes first within its lane. */
  order: number;
  /** Calls it counts as: 1, and its items for albums and copies. */
  cost: number;
  priority: Priority;
  /** Epoch milliseconds before which it must not go. */
  notBefore?: number;
}

/** Who must wait, and until when (epoch milliseconds). */
export interface Hold {
  /**
   * `message`: the message that ended. It was at its lane's head and order is kept, so its lane waits with it.
   * `chat`: its lane. `bot`: everything.
   */
  scope: 'message' | 'chat' | 'bot';
  untilMs: number;
}

/** The pacer's answer to a message. */
export type Turn =
  | {
      kind: 'go';
      /**
       * To be called when the call leaves this machine, which is later than its turn where a connection has to be made
       * first: it counts against the limits from then on. Without it, it counts from its end.
       */
      left: () => void;
      /**
       * To be called exactly once, when Telegram has answered or has not. With a hold the message itself is expected
       * back under the same order stamp, and its lane keeps its place in front until it is.
       */
      end: (hold?: Hold) => void;
    }
  /** Its turn is further away than {@link MAX_HOLD_MS}: park it until then and ask again. Its place is kept. */
  | { kind: 'later'; notBefore: number }
  /** Shutting down: leave the message unacknowledged. */
  | { kind: 'stopped' };

/** @throws RangeError for numbers that are none */
export function mustBeWhole(waiter: Waiter): void {
  mustBe(waiter.cost >= 1 && Number.isFinite(waiter.cost), 'cost must be at least 1');
  mustBe(Number.isFinite(waiter.order), 'order must be a number');
  mustBe(Number.isFinite(waiter.notBefore ?? 0), 'notBefore must be a time');
}

export function mustBe(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
