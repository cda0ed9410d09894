import type { Turn } from './turn';

/**
 * How long a parked message may be overdue before its place is given up, in milliseconds: a broker brings one back
 * within seconds, and a lost one must not block its chat for ever.
 */
export const GRACE_MS = 30_000;

/** A message's place in its lane: waiting in memory, or parked on the broker and expected back. */
export interface Place {
  order: number;
  /** Calls it counts as towards the bot's limit. */
  cost: number;
  /** The same towards the lane's. */
  price: number;
  notBefore: number;
  /** When it is expected to start. */
  at: number;
  /** Parked: when its place is given up. */
  forgetAt: number;
  /** Waiting in memory: whom to tell. A parked place has none. */
  taker?: { rank: number; answer: (turn: Turn) => void };
}
