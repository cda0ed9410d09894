import { BlobsAway, type Blobs } from '@app/blobs';
import type { BlobFile } from '@app/contracts';
import { type Guard, NotPublic, within } from '@app/guard';
import { forgetBlobs, LedgerAway, noteBlob, type Ledger } from '@app/ledger';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';

/** A file of the store, or why there is none; `isPassing`: it is not the address’s fault. */
export type Fetched = Omit<BlobFile, 'field'> | { why: string; isPassing?: boolean };

/** Longest time for all of a file, in milliseconds, and most addresses that one leads on to. */
const longestMs = 60_000;
const mostRedirects = 5;

class TooLarge extends Error {}

/** Fetches files that Telegram cannot, from public addresses alone, into the store. */
export class Fetcher {
  private readonly agent: Agent;
  private readonly stopping = new AbortController();

  /** @param mostBytes Largest file. */
  constructor(
    private readonly guard: Guard,
    private readonly ledger: Ledger,
    private readonly blobs: Blobs,
    private readonly mostBytes: number,
  ) {
    this.agent = new Agent({ connect: { lookup: guard.lookup, timeout: 10_000 } });
  }

  /** Fetches what stands at the address; never an error page, nor any other page. */
  async fetch(address: string): Promise<Fetched> {
    try {
      return await within(longestMs, this.stopping.signal, (signal) => this.follow(new URL(address), signal));
    } catch (error) {
      const isPassing = this.stopping.signal.aborted || error instanceof LedgerAway || error instanceof BlobsAway;
      return { why: this.whyOf(error), ...(isPassing && { isPassing }) };
    }
  }

  /** Removes a file that was fetched; what cannot be removed now goes with the sweep. */
  async remove(blob: string): Promise<void> {
    try {
      await this.blobs.remove(blob);
      await forgetBlobs(this.ledger, [blob]);
    } catch (error) {
      if (!(error instanceof LedgerAway || error instanceof BlobsAway)) throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.agent.close();
  }

  private async follow(first: URL, signal: AbortSignal): Promise<Fetched> {
    let url = first;
    for (let hops = 0; hops <= mostRedirects; hops++) {
      if (!/^https?:$/.test(url.protocol)) return { why: 'its address leads to one that is not http or https' };
      if (!this.guard.permits(url)) throw this.guard.refusal();
      const path = url.pathname + url.search;
      const headers = { 'user-agent': 'TelegraMQ', accept: '*/*' };
      const answer = await this.agent.request({ origin: url.origin, path, method: 'GET', headers, signal });
      const { location } = answer.headers;
      if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string') {
        return this.take(url, answer);
      }
      discard(answer.body);
      if (!URL.canParse(location, url.href)) return { why: 'its address leads to one that cannot be read' };
      url = new URL(location, url);
    }
    return { why: `its address leads on more than ${mostRedirects} times` };
  }

  private async take(url: URL, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<Fetched> {
    const type = String(headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
      .toLowerCase();
    const why =
      statusCode < 200 || statusCode > 299
        ? `its address answered ${statusCode}`
        : /^(text\/html|application\/xhtml\+xml)$/.test(type)
          ? 'its address answered with a web page'
          : Number(headers['content-length'] ?? 0) > this.mostBytes
            ? this.tooLarge
            : undefined;
    if (why !== undefined) {
      discard(body);
      return { why };
    }
    return this.keep(Readable.from(this.measured(body)), nameIn(url), type);
  }

  private async keep(bytes: Readable, filename: string | undefined, type: string): Promise<Fetched> {
    const blob = randomUUID();
    await noteBlob(this.ledger, blob);
    try {
      const stored = await this.blobs.put(blob, bytes);
      if (stored.size > 0) return { blob, ...stored, ...(filename && { filename }), ...(type && { type }) };
    } catch (error) {
      await this.remove(blob);
      throw error;
    }
    await this.remove(blob);
    return { why: 'its address answered with nothing' };
  }

  private async *measured(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > this.mostBytes) throw new TooLarge(this.tooLarge);
      yield chunk;
    }
  }

  private get tooLarge(): string {
    return `it is larger than ${this.mostBytes} bytes`;
  }

  private whyOf(error: unknown): string {
    if (error instanceof NotPublic || error instanceof TooLarge) return error.message;
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    return `its address cannot be reached: ${String(code ?? name)}`;
  }
}

const discard = (body: Readable): void => void body.on('error', () => undefined).destroy();

function nameIn({ pathname }: URL): string | undefined {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last).slice(-255).toWellFormed() || undefined;
  } catch {
    return last.slice(-255);
  }
}
