import type { DeliveryContext, Verdict } from '@app/broker';
import { reasons, sendMessage, type Reason, type SendMessage } from '@app/contracts';
import { Ledger, LedgerAway, recordLetter } from '@app/ledger';
import { type BeforeApplicationShutdown, Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import type { ConsumeMessage, Options } from 'amqplib';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { letterPattern } from '../../accept/amqp/read-inbox';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';

/** How long a letter is kept in hand for a ledger that is away, in milliseconds: a third of RabbitMQ's patience. */
const patienceMs = 600_000;

/** Puts every dead letter on record, the broker's own ones too. The public queue of them stays as it is. */
@Controller()
export class LettersListener implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly ledger: Ledger,
    @Inject(PRODUCER_SETTINGS) private readonly settings: ProducerSettings,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  @EventPattern(letterPattern)
  async record(@Ctx() { message, queue }: DeliveryContext): Promise<Verdict> {
    const letter = readLetter(message, queue);
    const row = this.settings.ledgerBodies ? letter : { ...letter, body: null };
    try {
      await this.ledger.insist(() => recordLetter(this.ledger, row), patienceMs, this.stopping.signal);
      return 'ack';
    } catch (error) {
      if (error instanceof LedgerAway) return 'leave';
      throw error;
    }
  }
}

/** What the headers and the body of a letter say; the broker's own letters have no reason. */
function readLetter({ content, properties }: ConsumeMessage, queue: string) {
  const { messageId = '' } = properties as Options.Publish;
  const headers = properties.headers ?? {};
  const text = (name: string): string | null => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? value : null;
  };
  const count = (name: string): number | null => {
    const value: unknown = headers[name];
    return typeof value === 'number' && Number.isInteger(value) ? value : null;
  };
  const failedAt = Date.parse(text('x-failed-at') ?? '');
  const reason = text('x-reason') ?? '';
  const command = commandIn(content);
  const identity = `${messageId} ${text('x-failed-at') ?? JSON.stringify(headers['x-death'] ?? '')} `;
  return {
    id: createHash('sha256').update(identity).update(content).digest('hex').slice(0, 32),
    message_id: command?.id ?? null,
    bot: command?.bot ?? null,
    chat_id: command?.chat_id === undefined ? null : String(command.chat_id),
    reason: reason in reasons ? (reason as Reason) : ('internal' as const),
    description: text('x-description'),
    error_code: count('x-error-code'),
    attempts: count('x-attempts') ?? 0,
    queue: text('x-queue') ?? text('x-first-death-queue') ?? queue,
    failed_at: Number.isNaN(failedAt) ? Date.now() : failedAt,
    body: isUtf8(content) ? content.toString() : content.toString('base64'),
    replayed_as: null,
  };
}

/** The command in the body of a letter, where one is in it. */
export function commandIn(body: Buffer | string): SendMessage | undefined {
  try {
    const packet = JSON.parse(body.toString()) as { data?: unknown } | null;
    return sendMessage.safeParse(packet?.data).data;
  } catch {
    return undefined;
  }
}
