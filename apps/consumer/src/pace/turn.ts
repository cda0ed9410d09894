import type { Toll } from './toll';

/**
 * How long a message may wait in memory for its chat, in milliseconds; with a longer wait it goes to a waiting room on
 * the broker. A message in memory takes a prefetch slot from the chats that could go.
 */
export const MAX_HOLD_MS = 10_000;

/** Which goes first where several could go. */
export type Priority = 'high' | 'normal' | 'bulk';

/** The classes as numbers; the lowest is the most urgent. */
export const RANK: Readonly<Record<Priority, number>> = { high: 0, normal: 1, bulk: 2 };

/**
 * Of ten calls under a constant stream of more urgent messages, one is a waiting less urgent class's: so a bulk
 * backlog creeps on instead of starving, and takes at most a tenth from `high`.
 */
export const SHARE = 10;

/** A message that wants to go. */
export interface Waiter {
  /** The chat's key, from `laneKey`; `''` has no lane: no order and no limit but the bot's. */
  lane: string;
  toll: Toll;
  priority: Priority;
  /** It comes from a waiting room, one at a time, and stays in memory for the chat's limit, but not for a hold. */
  isPatient?: boolean;
  /** It is the next part of a message whose last has just gone: nothing of its chat comes in between. */
  continues?: boolean;
  /** Called at once when its turn has come. */
  onGo?: () => void;
  /**
   * Called at once, before anybody else of its chat and class can come in between, when its turn turns out to be further
   * away than {@link MAX_HOLD_MS}; for all that wait here of its chat and class, in their order.
   */
  onLater?: (notBefore: number) => void;
}

/** What Telegram's answer says of its limits. */
export interface Heard {
  /** How long the answer took, in milliseconds, where that tells: Telegram is slow before it says 429. */
  tookMs?: number;
  /** Of a 429. */
  retryAfterMs?: number;
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
      /** To be called when Telegram has answered; not when it has not. A 429 holds the chat, or the bot, at once. */
      heard: (answer: Heard) => void;
      /** The message is done. Exactly one of `end`, `again` and `giveBack` is to be called. */
      end: () => void;
      /** As `end`, where nobody knows how far it came: nothing, once another has been called. */
      abandon: () => void;
      /**
       * The message stays at the head of its chat and has its next turn at that time or later, and its chat waits with
       * it. `change`: what it asks for now, e.g. in another chat, which the first one became.
       */
      again: (notBefore: number, change?: Partial<Omit<Waiter, 'onGo' | 'onLater'>>) => Promise<Turn>;
      /** As `again`, where no call was made: what it took of the limits is free at once. Not once it has left. */
      giveBack: (notBefore: number) => Promise<Turn>;
    }
  /** Its turn is further away than {@link MAX_HOLD_MS}; `onLater` has been called. */
  | { kind: 'later'; notBefore: number }
  /** Shutting down, or the bot is suspended: the message goes back to where it came from. */
  | { kind: 'stopped' };

/** The turn of a message whose time has come. */
export type Go = Extract<Turn, { kind: 'go' }>;

/** @throws RangeError for numbers that are none */
export function mustBeWhole({ toll }: Waiter): void {
  mustBe(toll.bot >= 1 && Number.isFinite(toll.bot), 'toll.bot must be at least 1');
  mustBe(toll.chat >= 0 && Number.isFinite(toll.chat), 'toll.chat must not be negative');
}

export function mustBe(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
