import type { Lane } from './lane';
import { SHARE } from './turn';

/**
 * The lanes that could go now, one list for each class. The more urgent class goes first, but for the share of the
 * others; within a class each lane has one turn a round, and one that took ten calls at once sits out nine rounds.
 */
export class ReadyLanes {
  private readonly classes = [new Set<Lane>(), new Set<Lane>(), new Set<Lane>()];
  /** Calls given to more urgent classes since this one had its last. */
  private readonly passedOver = [0, 0, 0];

  /** Puts the lane at the end of its class; one that stands there already keeps its position. */
  add(lane: Lane): void {
    const rank = lane.rank;
    if (lane.readyRank === rank) return;
    this.delete(lane);
    lane.readyRank = rank;
    this.classes[rank]!.add(lane);
  }

  delete(lane: Lane): void {
    if (lane.readyRank < 0) return;
    this.classes[lane.readyRank]!.delete(lane);
    lane.readyRank = -1;
  }

  /** Whose turn it is; the same again until it is taken, or something more urgent comes. */
  first(): Lane | undefined {
    const heads = this.classes.map((lanes) => this.solvent(lanes));
    const due = heads.findIndex((lane, rank) => lane && this.passedOver[rank]! >= (SHARE - 1) * lane.toll.bot);
    return heads[due] ?? heads.find((lane) => lane);
  }

  /** Notes that the lane took its turn at this price, and takes it from its list. */
  took(lane: Lane, price: number): void {
    const rank = lane.readyRank;
    this.delete(lane);
    lane.debt = price - 1;
    this.passedOver[rank] = 0;
    for (let lower = rank + 1; lower < this.classes.length; lower++) {
      if (this.classes[lower]!.size > 0) this.passedOver[lower]! += price;
    }
  }

  private solvent(lanes: Set<Lane>): Lane | undefined {
    for (const lane of lanes) {
      if (lane.debt === 0) return lane;
      lane.debt--;
      // A live iteration of a set meets again what is added to its end.
      lanes.delete(lane);
      lanes.add(lane);
    }
    return undefined;
  }
}
