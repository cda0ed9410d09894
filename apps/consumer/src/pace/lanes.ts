import type { Limits, Rate } from '@app/contracts';
import { Lane } from './lane';
import { isGroup } from './lane-key';
import { ReadyLanes } from './ready-lanes';
import { SlidingLog } from './sliding-log';
import { WakeHeap } from './wake-heap';

/**
 * A backlog of one chat takes at most a quarter of the bot's limit at a time. A group's 20 of a minute would else be gone in
 * the first second, and with them those that 20 other chats could have had; in the end the group gets no less.
 */
const SHARE_OF_BOT = 4;

/** The lanes of one bot, each either ready, asleep until something can happen in it, or with its call in flight. */
export class Lanes {
  readonly ready = new ReadyLanes();
  private readonly asleep = new WakeHeap<Lane>();
  private readonly byKey = new Map<string | symbol, Lane>();

  constructor(
    private readonly limits: Limits,
    private readonly marginMs: number,
  ) {}

  get size(): number {
    return this.byKey.size;
  }

  all(): Iterable<Lane> {
    return this.byKey.values();
  }

  known(key: string): Lane | undefined {
    return this.byKey.get(key);
  }

  /** The chat's lane. A message of no chat gets one of its own, which nobody else finds and whose limit never fills. */
  of(key: string): Lane {
    const known = this.byKey.get(key);
    if (known) return known;
    const { group, private: single } = this.limits;
    const lane = key
      ? this.make(key, isGroup(key) ? group : single)
      : new Lane(Symbol(), new SlidingLog({ limit: Number.MAX_SAFE_INTEGER, windowMs: 0 }, 0));
    this.byKey.set(lane.key, lane);
    return lane;
  }

  private make(key: string, rate: Rate): Lane {
    const { global } = this.limits;
    const share = { limit: Math.max(1, Math.floor(global.limit / SHARE_OF_BOT)), windowMs: global.windowMs };
    const isBursty = rate.limit > share.limit && rate.limit / rate.windowMs < share.limit / share.windowMs;
    return new Lane(key, new SlidingLog(rate, this.marginMs), isBursty ? new SlidingLog(share, 0) : undefined);
  }

  /** Puts the lane where it belongs after any change to it; one that nothing is left to remember of is dropped. */
  settle(lane: Lane, now: number): void {
    const at = lane.nextAt(now);
    if (lane.head && at <= now) {
      this.asleep.delete(lane);
      this.ready.add(lane);
      return;
    }
    this.ready.delete(lane);
    const over = !lane.busy && !lane.head && (typeof lane.key === 'symbol' || at <= now);
    if (over || at === Infinity) this.asleep.delete(lane);
    else this.asleep.set(lane, at);
    if (over) this.byKey.delete(lane.key);
  }

  /** Settles every lane whose time has come. @returns when the next one's comes, `Infinity` if none sleeps */
  wake(now: number): number {
    for (let lane = this.asleep.first; lane && lane.wakeAt <= now; lane = this.asleep.first) this.settle(lane, now);
    return this.asleep.first?.wakeAt ?? Infinity;
  }
}
