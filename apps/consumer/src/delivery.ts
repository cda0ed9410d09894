import type { DeliveryContext, Verdict } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { AttemptLog } from './attempt-log';
import type { Outcome } from './outcome';
import { Pacers } from './pace';
import { openParcel, type Parcel } from './parcel';
import { Sender } from './send';
import { settlementOf, Settle } from './settle';

/** The way of a message through the consumer: consume → pace → send → settle. Only this page composes the stages. */
@Injectable()
export class Delivery {
  private readonly inHand = new Map<string, Promise<Verdict>>();

  constructor(
    private readonly pacers: Pacers,
    private readonly sender: Sender,
    private readonly settle: Settle,
    private readonly log: AttemptLog,
  ) {}

  /** A copy that comes while the first is still in hand, as after a lost connection, shares its fate. */
  deliver(command: SendMessage, context: DeliveryContext): Promise<Verdict> {
    const first = this.inHand.get(command.id);
    if (first) return first;
    const verdict = this.run(openParcel(command, context)).finally(() => this.inHand.delete(command.id));
    this.inHand.set(command.id, verdict);
    return verdict;
  }

  /** Makes a dead letter of what no handler understands. */
  refuse(message: ConsumeMessage, queue: string, description: string): Promise<Verdict> {
    this.log.refused(queue, description);
    return this.settle.bury(message, queue, { reason: 'invalid_command', description });
  }

  /** Begins no call to Telegram any more; those under way are finished, or given up after 8 s, and settled. */
  stop(): void {
    this.pacers.stop();
    void this.sender.stop();
  }

  private async run(parcel: Parcel): Promise<Verdict> {
    if (this.settle.isStale(parcel)) return 'ack';
    if (isExpired(parcel)) {
      this.pacers.forget(parcel); // It gives its place away instead of waiting for a turn that it does not need.
      return this.settle.deadLetter(parcel, { reason: 'expired', attempts: parcel.attempts });
    }
    const turn = await this.pacers.turn(parcel);
    // A wait that Telegram asked for, and attempts made, must outlive this process.
    if (turn.kind === 'stopped') return isWaiting(parcel) ? this.settle.park(parcel, parcel.notBefore) : 'leave';
    if (turn.kind === 'later') return this.settle.park(parcel, turn.notBefore);

    const outcome = await this.attempt(parcel, turn.left).catch((bug: unknown) => {
      turn.end(); // The chat goes on; the message goes back to its queue.
      throw bug;
    });
    const settlement = settlementOf(outcome, parcel.command, parcel.attempts);
    if (settlement.kind !== 'wait') {
      turn.end();
      if (settlement.kind === 'acknowledge') return this.settle.acknowledge(parcel);
      return this.settle.deadLetter(parcel, settlement);
    }
    const notBefore = Date.now() + settlement.forMs;
    turn.end({ scope: settlement.scope, untilMs: notBefore });
    return this.run({ ...parcel, attempts: settlement.attempts, notBefore });
  }

  private async attempt(parcel: Parcel, onLeave: () => void): Promise<Outcome> {
    const { bot, method, payload } = parcel.command;
    if (isExpired(parcel)) return { kind: 'rejected', reason: 'expired' };
    return this.log.attempt(parcel, () => this.sender.send(bot, method, payload, { onLeave }));
  }
}

const isExpired = ({ command: { expires_at } }: Parcel): boolean =>
  expires_at !== undefined && expires_at <= Date.now();

const isWaiting = (parcel: Parcel): parcel is Parcel & { notBefore: number } =>
  parcel.notBefore !== undefined && parcel.notBefore > Date.now();
