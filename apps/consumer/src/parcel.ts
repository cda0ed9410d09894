import type { DeliveryContext } from '@app/broker';
import type { SendMessage } from '@app/contracts';

/** A command on its way through the pipeline, with what must outlive a wait on the broker. */
export interface Parcel {
  command: SendMessage;
  delivery: DeliveryContext;
  /** Calls to Telegram made so far that counted. */
  attempts: number;
  /** When it was first seen, as a stamp that only grows: the lower goes first within its chat. */
  order: number;
  /** How often it has been parked. */
  hops: number;
  /** Unix time in milliseconds before which it must not be sent. */
  notBefore?: number;
}

/** Headers in which a parked message carries its state; RabbitMQ 4 forgets its own `x-death` on the way. */
const header = { attempts: 'x-attempts', order: 'x-order', hops: 'x-hops', notBefore: 'x-not-before' } as const;

export function openParcel(command: SendMessage, delivery: DeliveryContext): Parcel {
  const read = (name: string): number | undefined => {
    const value = delivery.headers[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  return {
    command,
    delivery,
    attempts: read(header.attempts) ?? 0,
    order: read(header.order) ?? nextOrder(),
    hops: read(header.hops) ?? 0,
    notBefore: read(header.notBefore),
  };
}

export const headersOf = (parcel: Parcel): Record<string, number> => ({
  [header.attempts]: parcel.attempts,
  [header.order]: parcel.order,
  [header.hops]: parcel.hops,
  ...(parcel.notBefore !== undefined && { [header.notBefore]: parcel.notBefore }),
});

let last = 0;

/** Microseconds since the epoch, or one more than the last: grows within a process, and from one to its successor. */
const nextOrder = (): number => (last = Math.max(last + 1, Date.now() * 1000));
