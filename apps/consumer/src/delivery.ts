import type { DeliveryContext, Verdict } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import { fresh } from '@app/ledger';
import { Injectable } from '@nestjs/common';
import type { ConsumeMessage } from 'amqplib';
import { AttemptLog } from './attempt-log';
import { Bots } from './bots';
import { nextLook, uploaded } from './edit';
import { Flights, type Flight } from './flights';
import { InHand } from './in-hand';
import type { Outcome } from './outcome';
import type { Go, Turn } from './pace';
import { aimed, atPart, changed, hasMore, lineOf, openParcel, type Parcel } from './parcel';
import { mend, Sender } from './send';
import { lookMs, Uploads, type Upload } from './upload';
import { ChatBook, Clients, RecordKeeper, Settle, settlementOf, unanswered } from './settle';
import type { Call, Ending, Standing } from './settle';

/** The way of a message through the consumer: consume → wait → pace → send → settle. Only this page composes the stages. */
@Injectable()
export class Delivery {
  constructor(
    private readonly bots: Bots,
    private readonly flights: Flights,
    private readonly sender: Sender,
    private readonly settle: Settle,
    private readonly keeper: RecordKeeper,
    private readonly chats: ChatBook,
    private readonly clients: Clients,
    private readonly inHand: InHand,
    private readonly log: AttemptLog,
    private readonly uploads: Uploads,
  ) {}

  /** Of a copy that comes while the first is under way, it is seen afterwards what is left to do. */
  async deliver(command: SendMessage, context: DeliveryContext): Promise<Verdict> {
    for (let first = this.flights.of(command.id); first; first = this.flights.of(command.id)) await first.done;
    if (!context.isLive) return 'leave';
    return this.run(openParcel(command, context)).finally(this.inHand.add(command));
  }

  /** Makes a dead letter of what no handler understands. */
  refuse(message: ConsumeMessage, queue: string, description: string): Promise<Verdict> {
    this.log.refused(queue, description);
    return this.settle.bury(message, queue, { reason: 'invalid_command', description });
  }

  /** Begins no call to Telegram any more; those under way are finished, or given up after 8 s, and settled. */
  stop(): void {
    this.bots.stop();
    this.keeper.stop();
    this.chats.stop();
    void this.sender.stop();
  }

  private async run(opened: Parcel): Promise<Verdict> {
    const { command, delivery } = opened;
    const standing = await this.keeper.look(opened);
    // Nothing from here to its place in line may take its time, or messages of one chat could pass each other.
    if (!delivery.isLive || standing.kind === 'away') return 'leave';
    if (standing.kind === 'over') return this.finish(opened, standing);
    if ((command.send_at ?? 0) > Date.now() + nearlyMs) return this.settle.delay(opened, command.send_at!);
    const { pacer, rooms } = this.bots.of(command.bot);
    if (standing.kind === 'moot') return this.giveUp(opened, standing);
    const { tries: attempts, ...progress } = standing.kind === 'early' ? fresh : standing;
    const parcel = this.bots.asKnown({ ...atPart(opened, progress), attempts });
    const wish = this.bots.wishOf(parcel.command);
    const line = lineOf(wish.lane, command.priority);
    const ending = this.bots.endingOf(parcel);
    if (ending) return this.giveUp(parcel, ending); // It needs no turn for that.
    if (!delivery.isPulled && rooms?.has(line)) return verdictOf(await rooms.put(line, parcel));

    if (standing.kind === 'unanswered' && wish.lane) pacer.holdChat(wish.lane, standing.notBefore);
    const isMovable = !delivery.isPulled && wish.lane !== '';
    const on: { kept?: Promise<boolean>; flight?: Flight } = {};
    const turn = await pacer.turn({
      ...wish,
      isPatient: delivery.isPulled,
      onGo: () => void (on.flight ??= this.flights.start(parcel, `${command.bot} ${line}`)),
      onLater: () => void (on.kept = isMovable && delivery.isLive ? rooms?.put(line, parcel) : undefined),
    });
    if (turn.kind !== 'go') return on.kept ? verdictOf(await on.kept) : this.putAside(parcel, turn);
    return this.fly(parcel, turn).finally(() => on.flight?.land());
  }

  /** From its turn until it is settled, through as many calls as that takes while it may wait in memory. */
  private async fly(parcel: Parcel, turn: Go): Promise<Verdict> {
    try {
      if (!parcel.delivery.isLive) return this.landed(turn, 'leave'); // Another instance may have it by now.
      const ending = this.bots.endingOf(parcel);
      if (ending) return this.landed(turn, await this.giveUp(parcel, ending));
      const upload = await this.uploads.begin(parcel.command, parcel.degradations.includes('fetched'));
      if (!upload) return await this.next(parcel, await turn.giveBack(Date.now() + lookMs));
      return await this.call(parcel, turn, upload).finally(() => upload.end());
    } catch (bug) {
      turn.abandon(); // The chat goes on; the message goes back to its queue.
      throw bug;
    }
  }

  private async call(waiting: Parcel, turn: Go, upload: Upload): Promise<Verdict> {
    const begun = await this.keeper.begin(waiting);
    const parcel = 'target' in begun ? this.bots.asKnown(aimed(waiting, begun.target)) : waiting;
    if (begun.kind === 'away') {
      const back = await this.keeper.back(parcel);
      if (back.kind === 'away') return this.landed(turn, 'leave');
      // Its moment is over, and the limits ask for a new one; nothing of its chat has passed it.
      return this.next(parcel, await turn.again(Date.now()));
    }
    if (begun.kind === 'over') return this.landed(turn, await this.finish(parcel, begun));
    if (begun.kind === 'moot') return this.landed(turn, await this.giveUp(parcel, begun));
    if (begun.kind === 'early') return this.landed(turn, await this.settle.delay(parcel, nextLook(parcel.command)));
    if (begun.kind === 'unanswered') return this.conclude(parcel, turn, unanswered, { at: begun.since, durationMs: 0 });
    const [at, start] = [Date.now(), performance.now()];
    const outcome = await this.attempt(parcel, turn, upload);
    return this.conclude(parcel, turn, outcome, { at, durationMs: performance.now() - start });
  }

  private async conclude(parcel: Parcel, turn: Go, outcome: Outcome, call: Call): Promise<Verdict> {
    const { command } = parcel;
    const settlement = settlementOf(outcome, command, parcel.attempts, hasMore(parcel));
    const mended = mend(command, outcome);
    const until = settlement.kind === 'wait' ? Date.now() + settlement.forMs : 0;
    const holds = this.bots.hear(command, turn, outcome, until, call.durationMs);
    const isMended = mended !== undefined;
    const after = await this.keeper.answered(parcel, call, { outcome, settlement, isMended, holds });
    if (mended) {
      const other = this.bots.asKnown(changed(parcel, mended));
      return this.next(other, await turn.again(Date.now(), { lane: this.bots.laneOf(other.command) }));
    }
    switch (settlement.kind) {
      case 'acknowledge':
        this.clients.tell(after);
        return this.landed(turn, 'ack');
      case 'go-on': {
        const following = this.bots.asKnown(after);
        const wish = { ...this.bots.wishOf(following.command), continues: true };
        return this.next(following, await turn.again(Date.now(), wish));
      }
      case 'dead-letter':
        // Whoever was told of it need not find it among the dead letters.
        if (this.clients.tell(after)) return this.landed(turn, 'ack');
        return this.landed(turn, await this.settle.deadLetter(parcel, settlement));
      case 'wait':
        return this.next(after, await turn.again(until));
    }
  }

  private async next(parcel: Parcel, turn: Turn): Promise<Verdict> {
    return turn.kind === 'go' ? this.fly(parcel, turn) : this.putAside(parcel, turn);
  }

  /** A message that must wait longer than memory may hold it goes to, or stays in, the room of its line. */
  private async putAside({ command, ...parcel }: Parcel, turn: Exclude<Turn, Go>): Promise<Verdict> {
    if (turn.kind === 'stopped' || !parcel.delivery.isLive) return 'leave';
    const lane = this.bots.laneOf(command);
    if (!lane) return this.settle.delay({ ...parcel, command }, turn.notBefore);
    const { rooms } = this.bots.of(command.bot);
    if (parcel.delivery.isPulled || !rooms) return 'leave';
    return verdictOf(await rooms.put(lineOf(lane, command.priority), { ...parcel, command }));
  }

  /** Goes on with a message whose fate the ledger knows. */
  private async finish(parcel: Parcel, { status, reason }: Extract<Standing, { kind: 'over' }>): Promise<Verdict> {
    if ((await this.clients.tellAgain(parcel)) || status === 'sent' || status === 'cancelled') return 'ack';
    // Whether its dead letter was published before the process ended, nobody knows: twice is better than never.
    return this.settle.deadLetter(parcel, { reason: reason ?? 'internal', attempts: parcel.attempts });
  }

  private async giveUp(parcel: Parcel, ending: Ending): Promise<Verdict> {
    await this.keeper.givenUp(parcel, ending);
    const { status, ...why } = ending;
    return status === 'cancelled' ? 'ack' : this.settle.deadLetter(parcel, { ...why, attempts: parcel.attempts });
  }

  private landed(turn: Go, verdict: Verdict): Verdict {
    turn.end();
    return verdict;
  }

  private async attempt(parcel: Parcel, { left }: Go, upload: Upload): Promise<Outcome> {
    const { bot, method, exact } = parcel.command;
    const payload = uploaded(parcel.command, upload.payload);
    const options = { onLeave: left, exact, files: upload.files };
    const send = () => upload.refusal ?? this.sender.send(bot, method, payload, options);
    return upload.learn(await this.log.attempt(parcel, async () => send()));
  }
}

/** A moment that is nearer than this is now: delays are exact to the second. */
const nearlyMs = 500;

const verdictOf = (kept: boolean): Verdict => (kept ? 'ack' : 'leave');
