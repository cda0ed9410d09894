import { isFinal, type BlobFile, type SendMessage } from '@app/contracts';
import { findEditable, Ledger, LedgerAway, MessageRecord, type Editable } from '@app/ledger';
import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Enqueue } from '../enqueue/enqueue';
import { attachFiles } from './attach';
import { Once } from './once';
import type { Refused, Taken } from './taken';
import { toEdit, toRecall } from './to-edit';
import { faultOf, meaningOf } from './uploads/uploads';

/** Who asks for an edit, under which key the same one is taken once, and which files it can refer to. */
export interface Asking {
  caller: string;
  key: string | undefined;
  files?: readonly BlobFile[] | undefined;
}

/** Another producer may have accepted a message so lately that it is not on record yet; in milliseconds. */
const patienceMs = 500;
const lookMs = 50;

/** Takes edits of messages, and recalls; each is a message of its own, in the line of the one that it is for. */
@Injectable()
export class Edits {
  constructor(
    private readonly ledger: Ledger,
    private readonly record: MessageRecord,
    private readonly enqueue: Enqueue,
    private readonly once: Once,
  ) {}

  async edit(id: string, body: unknown, { caller, key, files = [] }: Asking): Promise<Taken> {
    const target = await this.find(id);
    if ('problem' in target) return target;
    const made = toEdit(body, target);
    if ('errors' in made) return { problem: 'invalid_message', errors: made.errors };
    const command = attachFiles(made.command, files);
    if ('field' in command) return { problem: 'invalid_message', errors: [command] };
    const fault = faultOf(files, [command]);
    if (fault) return fault;
    if (key === undefined) return this.take(command);
    const enqueue = (commands: SendMessage[]) => this.enqueue.enqueue('message.send', commands);
    return this.once.take(`${caller} PATCH /v1/messages/${id}`, key, meaningOf(body, files), [command], enqueue);
  }

  /** Takes back what is sent of a message, or is about to be. */
  async recall(id: string): Promise<Taken> {
    const target = await this.find(id, true);
    return 'problem' in target ? target : this.take(toRecall(target));
  }

  private async take(command: SendMessage): Promise<Taken> {
    const problem = await this.enqueue.enqueue('message.send', [command]);
    return problem ? { problem } : { commands: [command], replayed: false };
  }

  private async find(id: string, isRecall = false): Promise<Editable | Refused> {
    await this.record.flushed();
    try {
      const target = await this.seek(id);
      if (!target) return { problem: 'message_not_found' };
      const why = isRecall ? againstRecall(target) : againstEdit(target);
      return why === undefined ? target : { problem: isRecall ? 'not_cancellable' : 'not_editable', detail: why };
    } catch (error) {
      if (error instanceof LedgerAway) return { problem: 'ledger_unavailable' };
      throw error;
    }
  }

  private async seek(id: string): Promise<Editable | undefined> {
    for (const start = performance.now(); ; await pause(lookMs)) {
      const target = await findEditable(this.ledger, id);
      if (target || Math.abs(Date.now() - timeOf(id)) > 60_000 || performance.now() - start > patienceMs) return target;
    }
  }
}

function againstEdit(target: Editable): string | undefined {
  if (target.recall !== undefined) return `It is recalled by ${target.recall}.`;
  return againstRecall(target) ?? (isFinal(target.status) && target.status !== 'sent' ? `The message is ${target.status}.` : undefined); // prettier-ignore
}

function againstRecall({ edit_of, status, messageIds }: Editable): string | undefined {
  if (edit_of !== undefined) return `It is an edit itself, of ${edit_of}.`;
  const isNowhere = isFinal(status) && status !== 'sent' && messageIds.length === 0;
  return isNowhere ? `The message is ${status}.` : undefined;
}

/** When a UUIDv7 was made, as Unix milliseconds. */
const timeOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);
