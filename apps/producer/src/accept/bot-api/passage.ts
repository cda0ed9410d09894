import { BotApiTransport, type Answer, type ForeignRequest } from '@app/bot-api';
import type { CallAnswer } from '@app/contracts';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { DoorMetrics } from './door-metrics';
import { comeBackSeconds, later, refusal, sendAnswer } from './send-answer';

/** What a client may ask of a file, and what it may hear of it. */
const fileRequestHeaders = ['range', 'if-range', 'if-none-match', 'if-modified-since'];
const fileAnswerHeaders = [
  ...['content-type', 'content-length', 'content-range', 'content-disposition', 'content-encoding'],
  ...['accept-ranges', 'etag', 'last-modified'],
];

/** The straight way: requests that do not wait for their turn, handed on to Telegram with the bot’s own token. */
@Injectable()
export class Passage implements BeforeApplicationShutdown {
  private readonly transports: ReadonlyMap<string, BotApiTransport>;
  private readonly stopping = new AbortController();

  constructor(
    private readonly metrics: DoorMetrics,
    @Inject(PRODUCER_SETTINGS) { botTokens, telegramApiRoot }: ProducerSettings,
  ) {
    this.transports = new Map(
      botTokens.map(({ name, token }) => [name, new BotApiTransport({ apiRoot: telegramApiRoot, token })]),
    );
  }

  /** Hands a call on; a client that hangs up ends it. */
  async call(bot: string, request: ForeignRequest, reply: FastifyReply): Promise<void> {
    const transport = this.transports.get(bot);
    if (!transport) return this.answer(reply, refusal(401));
    const gone = goneSignal(reply);
    const isPoll = /^getUpdates\b/i.test(request.address);
    const signal = isPoll ? AbortSignal.any([gone, this.stopping.signal]) : gone;
    const answer = await transport.pass(request, signal);
    if (gone.aborted) return;
    // A poll that is cut short has taken nothing, and is made again.
    this.answer(reply, signal.aborted ? later(comeBackSeconds) : callAnswerOf(answer));
  }

  /** Streams a file of Telegram’s through. */
  async file(bot: string, path: string, headers: Record<string, unknown>, reply: FastifyReply): Promise<void> {
    const transport = this.transports.get(bot);
    if (!transport) return this.answer(reply, refusal(401));
    const gone = goneSignal(reply);
    const answer = await transport.file(path, only(headers, fileRequestHeaders), gone);
    if (gone.aborted) return void answer?.body.destroy();
    if (!answer || answer.status >= 400) {
      answer?.body.destroy();
      return this.answer(reply, refusal(answer?.status ?? 502));
    }
    this.metrics.count('passed');
    void reply.status(answer.status).headers(only(answer.headers, fileAnswerHeaders)).send(answer.body);
  }

  /** Calls in flight have some seconds, but for polls. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.transports.values()].map((transport) => transport.close()));
  }

  private answer(reply: FastifyReply, answer: CallAnswer): void {
    this.metrics.count('passed');
    sendAnswer(reply, answer);
  }
}

/** Aborts when the client hangs up before it has its answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => reply.raw.writableFinished || gone.abort());
  return gone.signal;
}

function callAnswerOf(answer: Answer): CallAnswer {
  switch (answer.kind) {
    case 'ok':
      return { ok: true, result: answer.result };
    case 'refused': {
      const { error_code, description, parameters } = answer;
      return { ok: false, error_code, description, ...(parameters && { parameters: { ...parameters } }) };
    }
    case 'no_answer':
      return refusal(answer.status !== undefined && answer.status >= 400 ? answer.status : 502);
    default:
      return refusal(502);
  }
}

function only(headers: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const kept = names.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
