import type { Reading, Source } from '@app/broker';
import { spareRooms } from '@app/contracts';
import { lineHeader, type Parcel } from '../parcel';
import { Room } from './room';

/** What the rooms of one bot need of the world around them. */
export interface Waitroom {
  reading: Reading;
  read: Source['read'];
  /** The queue of the room with that number. */
  queueOf: (number: number) => string;
  /** Whether there is such a queue. */
  stands: (queue: string) => Promise<boolean>;
  /** Makes the queue, and goes on trying. */
  make: (queue: string) => Promise<void>;
  /** Puts messages at the end of the queue, in this order; false where the broker did not take them. */
  keep: (queue: string, line: string, parcels: readonly Parcel[]) => Promise<boolean>;
  /** The line that messages of that line belong to now, since a chat may have become another. */
  lineNow: (line: string) => string;
  /** For how many milliseconds no message of the line should be asked for; Infinity: nobody knows. */
  closedForMs: (line: string) => number;
  /** The message of that line that is under way to Telegram, if any: it must come back before those behind it. */
  underWay: (line: string) => Parcel | undefined;
}

/**
 * The waiting rooms of one bot: a queue for each chat and class ("line") that must wait longer than memory should. Rooms
 * are used by one line after the other; how many there are grows with the most lines that ever waited at once. ADR 12.
 */
export class WaitingRooms {
  private readonly byLine = new Map<string, Room>();
  /** The end of the last room of each line. */
  private readonly served = new Map<string, Promise<void>>();
  private readonly free: number[] = [];
  private count = 0;
  private beingMade = 0;

  constructor(private readonly around: Waitroom) {}

  /** Lines that have a room. */
  get occupied(): number {
    return this.byLine.size;
  }

  has(line: string): boolean {
    return this.byLine.has(line);
  }

  /** Chats may have become others: their rooms are those of the new ones, unless these have their own. */
  moved(): void {
    for (const [line, room] of [...this.byLine]) {
      const now = this.around.lineNow(line);
      if (this.byLine.has(now)) continue;
      this.byLine.delete(line);
      this.byLine.set(now, room);
    }
  }

  /** Puts a message at the end of its line's room, which is opened if there is none. False where the broker did not take it. */
  put(line: string, parcel: Parcel): Promise<boolean> {
    const room = this.byLine.get(line) ?? this.open(line);
    return room.first?.delivery === parcel.delivery ? room.first.kept : room.put(parcel);
  }

  /**
   * Finds the rooms that an earlier process has left occupied. To be done before any message is taken. Each queue is asked
   * for a message: the count of a passive declare is 0 where a quorum queue is too busy to say (RabbitMQ waits 250 ms).
   */
  async recover(): Promise<void> {
    for (let number = 0; await this.around.stands(this.around.queueOf(number)); number++) {
      const queue = this.around.queueOf(number);
      this.count = number + 1;
      const first = await this.around.reading.peek(queue);
      const line: unknown = first?.properties.headers?.[lineHeader];
      if (!first) this.free.push(number);
      // What nobody put there is dealt with all the same, as if it had come by any other queue.
      else this.occupy(typeof line === 'string' ? this.around.lineNow(line) : queue, number, Promise.resolve());
    }
    this.provide();
  }

  /** Keeps rooms ready for the next lines. */
  private provide(): void {
    while (this.free.length + this.beingMade < spareRooms) {
      const number = this.count++;
      this.beingMade++;
      void this.around.make(this.around.queueOf(number)).then(() => {
        this.beingMade--;
        this.free.push(number);
      });
    }
  }

  private open(line: string): Room {
    const ready = this.free.shift();
    const number = ready ?? this.count++;
    const made = ready === undefined ? this.around.make(this.around.queueOf(number)) : Promise.resolve();
    const room = this.occupy(line, number, made);
    this.provide();
    const first = this.around.underWay(line);
    if (first) room.first = { delivery: first.delivery, kept: room.put(first) };
    return room;
  }

  /** A second room of a line, after its chat became another that had one, too, is served after the first. */
  private occupy(line: string, number: number, made: Promise<void>): Room {
    const { reading, read, queueOf } = this.around;
    const keep = (queue: string, parcels: readonly Parcel[]) => this.around.keep(queue, line, parcels);
    const closedForMs = () => this.around.closedForMs(line);
    const room = new Room({ queue: queueOf(number), read }, { reading, keep, closedForMs }, made);
    this.byLine.set(line, room);
    const onEmpty = () => {
      for (const [its, one] of this.byLine) if (one === room) this.byLine.delete(its);
      this.free.push(number);
    };
    const served = Promise.resolve(this.served.get(line)).then(() => room.serve(onEmpty));
    this.served.set(line, served);
    void served.then(() => this.served.get(line) === served && this.served.delete(line));
    return room;
  }
}
