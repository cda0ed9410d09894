import { isQueued, type CallAnswer } from '@app/contracts';
import { LedgerAway } from '@app/ledger';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { Uploads } from '../uploads/uploads';
import { readAddress, type Address } from './address';
import { DoorKeys } from './door-keys';
import { DoorMetrics, type DoorEnd } from './door-metrics';
import { Passage } from './passage';
import { fitsQueue } from './queued-call';
import { QueuedCalls } from './queued-calls';
import { maxParameterBytes, mergeParameters, readParameters } from './read-parameters';
import { answerOfRefused } from './refused-form';
import { comeBackSeconds, later, refusal, sendAnswer } from './send-answer';

type CallAddress = Extract<Address, { kind: 'call' }>;

/** What of a request says how its body is to be read. */
const bodyHeaders = ['content-type', 'content-length', 'content-encoding'] as const;

/** The Bot API, as any of its clients speaks it: what is about messages is queued, everything else goes straight on. */
@Injectable()
export class Door {
  private readonly logger = new Logger(Door.name);
  private readonly keys: DoorKeys;

  constructor(
    private readonly queued: QueuedCalls,
    private readonly passage: Passage,
    private readonly uploads: Uploads,
    private readonly metrics: DoorMetrics,
    @Inject(PRODUCER_SETTINGS) settings: ProducerSettings,
  ) {
    this.keys = new DoorKeys(settings);
  }

  /** Answers a request sooner or later; its body has not been read. */
  serve(request: FastifyRequest, reply: FastifyReply): void {
    // What is left of a body stands before the next request of the connection.
    reply.raw.once('finish', () => request.raw.resume());
    this.route(request, reply).catch((error: unknown) => {
      if (reply.raw.destroyed) return; // The client has gone half way.
      this.logger.error(error instanceof Error ? error.stack : error);
      if (!reply.sent) sendAnswer(reply, refusal(500));
    });
  }

  private async route(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const address = readAddress(request.raw.url ?? '');
    if (address.kind === 'nothing' || !/^(GET|POST)$/.test(request.method)) return this.refuse(reply, 404);
    const bot = this.keys.botOf(address.token);
    if (bot === undefined) return this.refuse(reply, 401);
    if (address.kind === 'file') return this.passage.file(bot, address.path, request.headers, reply);
    if (address.method === '') return this.refuse(reply, 404);
    return isQueued(address.method)
      ? this.queue(bot, address, request, reply)
      : this.pass(bot, address, request, reply);
  }

  /** What the queue could not hold exactly goes straight on, too: Telegram says what it makes of it. */
  private async queue(bot: string, address: CallAddress, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const type = request.headers['content-type'] ?? '';
    if (/^multipart\/form-data\b/i.test(type)) return this.queueForm(bot, address, request, reply);
    const body = await readBody(request.raw);
    if (!body) return this.refuse(reply, 413, 'Request Entity Too Large');
    const isText = isUtf8(body) && request.headers['content-encoding'] === undefined;
    const payload = isText ? readParameters(address.query, type, body) : undefined;
    if (!payload || !fitsQueue(payload)) return this.pass(bot, address, request, reply, body);
    await this.queued.make({ bot, method: address.method, payload }, reply);
  }

  /** A form is read as it comes, its files into the store; so it cannot be handed on any more where it does not fit. */
  private async queueForm(
    bot: string,
    address: CallAddress,
    { raw }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const form = await this.uploads.read(raw).catch(unlessAway);
    if (!form) return this.answer(reply, 'later', later(comeBackSeconds));
    if ('problem' in form) return this.answer(reply, 'refused', answerOfRefused(form));
    const { fields, files } = form;
    const payload = mergeParameters(address.query, fields);
    if (!fitsQueue(payload)) this.refuse(reply, 413, 'Request Entity Too Large');
    else if (await this.queued.make({ bot, method: address.method, payload, files }, reply)) return;
    await this.uploads.discard(files);
  }

  private pass(
    bot: string,
    { method, query }: CallAddress,
    request: FastifyRequest,
    reply: FastifyReply,
    body?: Buffer,
  ): Promise<void> {
    const headers = Object.fromEntries(bodyHeaders.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : []))); // prettier-ignore
    const httpMethod = request.method as 'GET' | 'POST';
    const address = query === '' ? method : `${method}?${query}`;
    return this.passage.call(
      bot,
      { httpMethod, address, headers, ...(httpMethod === 'POST' && { body: body ?? unread(request) }) },
      reply,
    );
  }

  private refuse(reply: FastifyReply, code: number, description?: string): void {
    this.answer(reply, 'refused', refusal(code, description));
  }

  private answer(reply: FastifyReply, kind: DoorEnd, answer: CallAnswer): void {
    this.metrics.count(kind);
    sendAnswer(reply, answer);
  }
}

/** The body as it comes; whoever gives it up does not cut the connection, on which the client is still to be answered. */
const unread = ({ raw }: FastifyRequest): Readable => Readable.from(raw.iterator({ destroyOnReturn: false }));

/** The whole body, unless it is larger than Telegram takes. @throws When the client goes away half way. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxParameterBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof LedgerAway)) throw error;
}
