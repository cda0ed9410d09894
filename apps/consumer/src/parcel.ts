import type { DeliveryContext } from '@app/broker';
import type { Priority, SendMessage } from '@app/contracts';

/** A command on its way through the pipeline. */
export interface Parcel {
  command: SendMessage;
  delivery: DeliveryContext;
  /** Calls to Telegram made so far that counted. */
  attempts: number;
  /** What had to be changed for Telegram to take it. */
  degradations: readonly string[];
}

export const openParcel = (command: SendMessage, delivery: DeliveryContext): Parcel => ({
  ...{ command, delivery },
  ...{ attempts: 0, degradations: [] },
});

/** Messages of one chat and class, which keep their order. */
export const lineOf = (lane: string, priority: Priority): string => `${lane} ${priority}`;

/** The chat's key out of a line. */
export const laneOfLine = (line: string): string => line.slice(0, line.lastIndexOf(' '));

/** Header that says whose messages a waiting room holds, so that nothing but the broker has to remember it. */
export const lineHeader = 'x-line';
