import { isFinal, type DeadLetterFilter, type FieldError, type ProblemCode, type SendMessage } from '@app/contracts';
import {
  commandOf,
  findLetter,
  findMessage,
  hasReplay,
  isOvertaken,
  Ledger,
  letterOf,
  lettersToReplay,
  markReplayed,
} from '@app/ledger';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { Acceptance } from '../../accept/acceptance';
import { Enqueue } from '../../enqueue/enqueue';
import { commandIn } from './letters.listener';

/** The message that a replay makes, or why there is none. */
export type Replayed = { command: SendMessage } | { problem: ProblemCode; errors?: FieldError[] };

/** Fields of a message that its sender wants to be other than they were. */
export type Edit = { [field: string]: unknown };

/** Sends again what was given up, as new messages that name the one they come from. */
@Injectable()
export class Replay implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Replay.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly ledger: Ledger,
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Only what is over can be sent again, and once: a message and its dead letter are one matter. */
  async message(id: string, edit: Edit): Promise<Replayed> {
    const message = await findMessage(this.ledger, id);
    if (!message) return { problem: 'message_not_found' };
    if (!isFinal(message.status) || message.status === 'sent') return { problem: 'not_replayable' };
    const letter = await letterOf(this.ledger, id);
    if (letter !== undefined) return this.letter(letter, edit);
    if (await hasReplay(this.ledger, id)) return { problem: 'not_replayable' };
    const command = await commandOf(this.ledger, id);
    if (!command) return { problem: 'body_not_kept' };
    return this.send(await this.make(command, edit));
  }

  /** A letter is replayed once. */
  async letter(id: string, edit: Edit): Promise<Replayed> {
    const letter = await findLetter(this.ledger, id);
    if (!letter) return { problem: 'dead_letter_not_found' };
    if (letter.body === undefined) return { problem: 'body_not_kept' };
    const made = await this.make(commandIn(letter.body), edit);
    if ('problem' in made) return made;
    // Marked first: a crash after this leaves a letter that says so, and not a message that is sent twice.
    if (!(await markReplayed(this.ledger, id, made.command.id))) return { problem: 'not_replayable' };
    const sent = await this.send(made);
    // Where it may be on the broker all the same, the letter stays marked.
    if ('problem' in sent && sent.problem !== 'unconfirmed') await markReplayed(this.ledger, id, null);
    return sent;
  }

  /** Replays all that match, in the background, at most so many a second. What is left at a stop is still to be replayed. */
  async all(filter: DeadLetterFilter, rate: number, isDryRun: boolean): Promise<number> {
    const ids = await lettersToReplay(this.ledger, filter);
    if (!isDryRun) void this.one(ids, rate).catch((error: unknown) => this.logger.error(error));
    return ids.length;
  }

  private async one(ids: string[], rate: number): Promise<void> {
    for (const id of ids) {
      if (this.stopping.signal.aborted) return;
      let replayed = await this.letter(id, {});
      for (; isForLater(replayed) && !this.stopping.signal.aborted; replayed = await this.letter(id, {})) {
        await pause(outageMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
      if ('problem' in replayed) this.logger.warn({ msg: 'not replayed', dead_letter: id, problem: replayed.problem });
      await pause(1000 / rate, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async make(original: SendMessage | undefined, edit: Edit): Promise<Replayed> {
    if (original?.edit_of !== undefined) return this.editAgain(original, edit);
    if (Array.isArray(edit))
      return { problem: 'invalid_message', errors: [{ field: '', message: 'must be one message' }] };
    const read = this.acceptance.read(original ? edited(original, edit) : edit, original?.files);
    if ('errors' in read) return { problem: 'invalid_message', errors: read.errors };
    const [command] = read.commands as [SendMessage];
    return { command: { ...command, ...(original && { replay_of: original.id }) } };
  }

  /** Only the newest edit of a message is worth to be made again. */
  private async editAgain(original: SendMessage, edit: Edit): Promise<Replayed> {
    if (Object.keys(edit).length > 0) {
      const errors = [{ field: '', message: 'must be empty: edit the message itself anew instead' }];
      return { problem: 'invalid_message', errors };
    }
    if (await isOvertaken(this.ledger, original)) return { problem: 'not_replayable' };
    const { send_at: _, expires_at: __, ...command } = original;
    return { command: { ...command, id: uuidv7(), created_at: Date.now(), replay_of: original.id } };
  }

  private async send(made: Replayed): Promise<Replayed> {
    if ('problem' in made) return made;
    const problem = await this.enqueue.enqueue('message.send', [made.command]);
    return problem ? { problem } : made;
  }
}

/** Pause of a replay of many while the broker takes nothing, in milliseconds. */
const outageMs = 2_000;

const isForLater = (replayed: Replayed): boolean =>
  'problem' in replayed && ['broker_unavailable', 'broker_refused', 'unroutable'].includes(replayed.problem);

/** The body that would have made the command, with what is to be other in it; it does not expire a second time. */
function edited({ method, payload, bot, priority, on_uncertain, ref }: SendMessage, edit: Edit): Edit {
  const delivery = {
    bot,
    priority,
    on_uncertain,
    ...(ref !== undefined && { ref }),
    ...(Object(edit.delivery) as Edit),
  };
  return { method, ...payload, ...edit, delivery };
}
