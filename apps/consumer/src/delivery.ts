import type { DeliveryContext, Verdict } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { AttemptLog } from './attempt-log';
import type { Outcome } from './outcome';
import { Pacers, type Hold } from './pace';
import { openParcel, type Parcel } from './parcel';
import { Sender } from './send';
import { RecordKeeper, settlementOf, Settle, type Call, type Standing } from './settle';

/** The way of a message through the consumer: consume → pace → send → settle. Only this page composes the stages. */
@Injectable()
export class Delivery {
  private readonly inHand = new Map<string, Promise<Verdict>>();
  private isStopping = false;

  constructor(
    private readonly pacers: Pacers,
    private readonly sender: Sender,
    private readonly settle: Settle,
    private readonly keeper: RecordKeeper,
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
    this.isStopping = true;
    this.pacers.stop();
    this.keeper.stop();
    void this.sender.stop();
  }

  private async run(parcel: Parcel): Promise<Verdict> {
    if (this.settle.isStale(parcel)) return 'ack';
    const standing = await this.keeper.look(parcel);
    if (standing.kind !== 'free') return this.resume(parcel, standing);
    if (isExpired(parcel)) return this.expire(parcel);
    const turn = await this.pacers.turn(parcel);
    // A wait that Telegram asked for, and attempts made, must outlive this process.
    if (turn.kind === 'stopped') return isWaiting(parcel) ? this.settle.park(parcel, parcel.notBefore) : 'leave';
    if (turn.kind === 'later') return this.settle.park(parcel, turn.notBefore);

    if (isExpired(parcel)) {
      turn.end();
      return this.expire(parcel);
    }
    const begun = await this.keeper.begin(parcel);
    if (begun.kind === 'away') {
      await this.keeper.back();
      // It kept its turn, so that nothing of its chat passes it; but its moment is over, and the limits ask for a new one.
      turn.end({ scope: 'message', untilMs: Date.now() });
      return this.run(parcel);
    }
    if (begun.kind !== 'free') {
      turn.end();
      return this.resume(parcel, begun);
    }
    const at = Date.now();
    const start = performance.now();
    const outcome = await this.attempt(parcel, turn.left).catch((bug: unknown) => {
      turn.end(); // The chat goes on; the message goes back to its queue.
      throw bug;
    });
    return this.conclude(parcel, outcome, { at, durationMs: performance.now() - start }, turn.end);
  }

  /** Goes on with a message that the ledger knows more of, or that it cannot be asked about. */
  private async resume(parcel: Parcel, standing: Exclude<Standing, { kind: 'free' }>): Promise<Verdict> {
    if (standing.kind === 'away') return this.isStopping ? 'leave' : this.settle.park(parcel, Date.now() + awayMs);
    if (standing.kind === 'unanswered') {
      const outcome: Outcome = { kind: 'uncertain', reason: 'no_answer', description: 'the process ended before it' };
      return this.conclude(parcel, outcome, { at: standing.since, durationMs: 0 });
    }
    this.pacers.forget(parcel);
    if (standing.status === 'sent' || standing.status === 'cancelled') return 'ack';
    // Whether its dead letter was published before the process ended, nobody knows: twice is better than never.
    return this.settle.deadLetter(parcel, { reason: standing.reason ?? 'internal', attempts: parcel.attempts });
  }

  private async conclude(parcel: Parcel, outcome: Outcome, call: Call, end?: (hold?: Hold) => void): Promise<Verdict> {
    const settlement = settlementOf(outcome, parcel.command, parcel.attempts);
    const notBefore = settlement.kind === 'wait' ? Date.now() + settlement.forMs : 0;
    end?.(settlement.kind === 'wait' ? { scope: settlement.scope, untilMs: notBefore } : undefined);
    await this.keeper.answered(parcel, call, outcome, settlement);
    switch (settlement.kind) {
      case 'acknowledge':
        return 'ack';
      case 'dead-letter':
        return this.settle.deadLetter(parcel, settlement);
      case 'wait':
        return this.run({ ...parcel, attempts: settlement.attempts, notBefore });
    }
  }

  private async expire(parcel: Parcel): Promise<Verdict> {
    this.pacers.forget(parcel); // It gives its place away instead of waiting for a turn that it does not need.
    await this.keeper.expired(parcel);
    return this.settle.deadLetter(parcel, { reason: 'expired', attempts: parcel.attempts });
  }

  private attempt(parcel: Parcel, onLeave: () => void): Promise<Outcome> {
    const { bot, method, payload } = parcel.command;
    return this.log.attempt(parcel, () => this.sender.send(bot, method, payload, { onLeave }));
  }
}

/** How long the broker keeps a message for which the ledger stayed away longer than memory may wait, in milliseconds. */
const awayMs = 60_000;

const isExpired = ({ command: { expires_at } }: Parcel): boolean =>
  expires_at !== undefined && expires_at <= Date.now();

const isWaiting = (parcel: Parcel): parcel is Parcel & { notBefore: number } =>
  parcel.notBefore !== undefined && parcel.notBefore > Date.now();
