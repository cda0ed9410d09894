import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { Answer } from './answer';
import { Exchange } from './exchange';
import { FileFault, type StoredFile } from './file';
import { form, part } from './multipart';

export interface TransportOptions {
  /** `https://api.telegram.org`, or a local Bot API server; http and a path prefix work too. */
  apiRoot: string;
  token: string;
  /** Longest wait for TCP and TLS. Default 10 s. */
  connectTimeoutMs?: number;
  /**
   * Longest wait for the answer once the request is out. Default 60 s: Telegram silently holds a throttled call for 8 s,
   * then 3 s more, so a short time-out turns throttling into duplicates.
   */
  answerTimeoutMs?: number;
  /** What the slowest uplink carries; an upload gets that much time on top. Default 100 kB/s. */
  uploadBytesPerSecond?: number;
  /** How long a connection may idle. Default 30 s: NATs forget one after 30–50 s, and then it swallows a request. */
  keepAliveMs?: number;
  /** Most connections at a time; further calls wait for one. Default 64. */
  connections?: number;
}

export interface CallOptions {
  /** Called when a request is written, once it has a connection; not for uploads, whose arrival is their end. */
  onLeave?: () => void;
  signal?: Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'>;
  /** Whether `{ source: '/a/path' }` may read a file of this machine; never for a payload that came from outside. */
  localFiles?: boolean;
  /** Files that the payload refers to by `attach://<field>`, or by none where a parameter is named like the field. */
  files?: readonly StoredFile[];
  /** Whether the payload is to arrive as it is, also where a parameter of it is null or looks like telegraf’s files. */
  exact?: boolean;
}

/** A request of a client’s own, to be handed on unread. */
export interface ForeignRequest {
  httpMethod: 'GET' | 'POST';
  /** What stands behind the token: the method, and the query if there is one; for a file its path. */
  address: string;
  /** Of the body: its type, length and encoding. */
  headers: Record<string, string>;
  body?: Readable | Buffer;
}

/** A file of Telegram’s on its way; the body must be read or destroyed. */
export interface FileAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

/** No answer of the Bot API comes near it; beyond it something else is talking. */
const MAX_ANSWER_BYTES = 10_000_000;
/** Telegram holds a throttled call for up to 8 s, and Docker kills 10 s after it asked to stop. */
const CLOSE_GRACE_MS = 8_000;
/** Node's own 250 ms per address gives up on IPv4 too early where IPv6 is unrouted and the round trip is long. */
const ADDRESS_ATTEMPT_MS = 1_500;

const JSON_HEADERS = { 'content-type': 'application/json' };
const METHOD_NAME = /^\w+$/;

const post = (address: string) => ({ httpMethod: 'POST' as const, address });

/** Calls the Bot API for one bot. Every expected failure is an `Answer`; the token leaves this object by the wire alone. */
export class BotApiTransport {
  readonly #pool: Pool;
  readonly #files: Pool;
  readonly #path: string;
  readonly #filePath: string;
  readonly #token: string;
  readonly #answerTimeoutMs: number;
  readonly #uploadBytesPerSecond: number;

  /** @throws Error where `apiRoot` or `token` cannot be right; it names the fault, never the value. */
  constructor(options: TransportOptions) {
    const root = apiRootOf(options.apiRoot);
    if (!/^[\w:-]+$/.test(options.token)) throw new Error('the bot token is empty or holds characters no token has');
    this.#token = options.token;
    const prefix = root.pathname.replace(/\/+$/, '');
    this.#path = `${prefix}/bot${options.token}/`;
    this.#filePath = `${prefix}/file/bot${options.token}/`;
    this.#answerTimeoutMs = options.answerTimeoutMs ?? 60_000;
    this.#uploadBytesPerSecond = options.uploadBytesPerSecond ?? 100_000;
    const keepAliveMs = options.keepAliveMs ?? 30_000;
    const connecting = {
      connections: options.connections ?? 64,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      connectTimeout: options.connectTimeoutMs ?? 10_000,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    };
    this.#pool = new Pool(root.origin, { ...connecting, maxResponseSize: MAX_ANSWER_BYTES });
    this.#files = new Pool(root.origin, connecting);
  }

  /** Calls any method of the Bot API: with JSON, or with multipart where the payload holds a file. */
  async call(method: string, payload: Record<string, unknown>, options: CallOptions = {}): Promise<Answer> {
    if (!METHOD_NAME.test(method)) {
      return { kind: 'refused', error_code: 404, description: 'Not Found: method not found' };
    }
    const parted = options.exact ? { fields: payload, files: [] } : part(payload, options.localFiles ?? false);
    const { files = [] } = options;
    if (parted.files.length + files.length === 0) {
      const request = { ...post(method), headers: JSON_HEADERS, body: JSON.stringify(parted.fields) };
      return this.#exchange(request, this.#answerTimeoutMs, options);
    }
    try {
      const { contentType, size, body } = await form(parted, files, this.#answerTimeoutMs);
      const timeoutMs = this.#answerTimeoutMs + (size / this.#uploadBytesPerSecond) * 1000;
      const headers = { 'content-type': contentType, 'content-length': String(size) };
      return await this.#exchange({ ...post(method), headers, body }, timeoutMs, { signal: options.signal });
    } catch (error) {
      if (error instanceof FileFault) return error.answer;
      throw error;
    }
  }

  /** Hands a request on and reads the answer; its body goes through as it comes. */
  async pass(request: ForeignRequest, signal?: AbortSignal): Promise<Answer> {
    const bytes = Number(request.headers['content-length'] ?? 0);
    const timeoutMs = this.#answerTimeoutMs + (bytes / this.#uploadBytesPerSecond) * 1000;
    return this.#exchange(request, timeoutMs, { signal });
  }

  /** Begins to fetch a file that `getFile` has named; the headers are the client’s. Undefined: no answer came. */
  async file(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<FileAnswer | undefined> {
    try {
      const answer = await this.#files.request({ method: 'GET', path: this.#filePath + path, headers, signal });
      answer.body.on('error', () => undefined); // Whoever reads it hears of it; destroying it unread is no fault.
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch {
      return undefined; // What was thrown may hold the token.
    }
  }

  /** Lets calls in flight finish for up to 8 s, then cuts them off; they answer `no_answer`. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_GRACE_MS)));
    if (!this.#pool.destroyed) await Promise.race([this.#pool.close(), grace]);
    clearTimeout(timer);
    await Promise.all([this.#pool.destroy(), this.#files.destroy()]);
  }

  async #exchange(
    { httpMethod, address, headers, body }: Omit<ForeignRequest, 'body'> & { body?: Readable | Buffer | string },
    timeoutMs: number,
    { signal, onLeave }: Pick<CallOptions, 'signal' | 'onLeave'>,
  ): Promise<Answer> {
    if (signal?.aborted) return { kind: 'unreachable', code: 'ABORTED' };
    const request = {
      method: httpMethod,
      path: this.#path + address,
      headers,
      body,
      headersTimeout: timeoutMs,
      bodyTimeout: this.#answerTimeoutMs,
    };
    let abort: (() => void) | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      const exchange = new Exchange(this.#answerTimeoutMs, resolve, onLeave);
      if (signal) signal.addEventListener('abort', (abort = () => exchange.cancel('ABORTED')));
      this.#pool.dispatch(request, exchange);
    });
    if (abort) signal?.removeEventListener('abort', abort);
    return answer.kind === 'refused' ? this.#redacted(answer) : answer;
  }

  /** A proxy in between may put the path of the request into its own words. */
  #redacted<T extends { description: string }>(refusal: T): T {
    return { ...refusal, description: refusal.description.replaceAll(this.#token, '<token>') };
  }
}

function apiRootOf(text: string): URL {
  const root = URL.canParse(text) ? new URL(text) : undefined;
  if (root?.protocol !== 'http:' && root?.protocol !== 'https:') {
    throw new Error('the API root must be an http:// or https:// URL');
  }
  if (root.username || root.password || root.search || root.hash) {
    throw new Error('the API root must have no user, query or fragment');
  }
  return root;
}
