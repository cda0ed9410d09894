import { findCall, Ledger, LedgerAway } from '@app/ledger';
import { Injectable } from '@nestjs/common';
import type { Parcel } from '../parcel';
import { Settle } from './settle';

/** The clients of the Bot API door that wait at some producer for what Telegram says. */
@Injectable()
export class Clients {
  constructor(
    private readonly ledger: Ledger,
    private readonly settle: Settle,
  ) {}

  /** Hands the answer to the client that waits for it. @returns whether there is one */
  tell({ command: { id }, reply }: Parcel): boolean {
    if (reply) this.settle.tell(reply.producer, { id, answer: reply.answer });
    return reply !== undefined;
  }

  /** The same for a message that was over before, since its client may not have been told. */
  async tellAgain({ command: { id, exact } }: Parcel): Promise<boolean> {
    if (!exact) return false;
    const call = await findCall(this.ledger, id).catch((error: unknown) => {
      if (!(error instanceof LedgerAway)) throw error;
      return undefined; // The producer looks for itself once it is back.
    });
    if (call?.waiter === undefined) return false;
    this.settle.tell(call.waiter, { id, answer: call.answer });
    return true;
  }
}
