import type { Limits } from '@app/contracts';
import { Pacer } from './pacer';
import { VirtualClock } from './virtual-clock';
import { VirtualSender, type World } from './virtual-sender';

/** What Telegram documents. */
export const DOCUMENTED: Limits = {
  global: { limit: 30, windowMs: 1_000 },
  private: { limit: 1, windowMs: 1_000 },
  group: { limit: 20, windowMs: 60_000 },
};

/** A bot's pacer, its clock at 0, and what sends and parks for it. */
export function bot(world: World = {}, limits = DOCUMENTED) {
  const clock = new VirtualClock(0);
  const pacer = new Pacer(limits, clock);
  return { clock, pacer, sender: new VirtualSender(pacer, clock, world) };
}

/** 0, 1, … below `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
