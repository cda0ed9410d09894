import { Injectable } from '@nestjs/common';
import type { Parcel } from './parcel';

/** A message from its first turn until it is out of this process's hands. */
export interface Flight {
  parcel: Parcel;
  line: string;
  done: Promise<void>;
  land: () => void;
}

/** Messages that have had their turn: at most one of each line. They outlive a lost connection, as calls to Telegram do. */
@Injectable()
export class Flights {
  private readonly byId = new Map<string, Flight>();
  private readonly byLine = new Map<string, Flight>();

  /** @param line With the name of the bot. */
  start(parcel: Parcel, line: string): Flight {
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const land = (): void => {
      this.byId.delete(parcel.command.id);
      if (this.byLine.get(line) === flight) this.byLine.delete(line);
      finish();
    };
    const flight = { parcel, line, done, land };
    this.byId.set(parcel.command.id, flight);
    this.byLine.set(line, flight);
    return flight;
  }

  of(id: string): Flight | undefined {
    return this.byId.get(id);
  }

  inLine(line: string): Parcel | undefined {
    return this.byLine.get(line)?.parcel;
  }
}
