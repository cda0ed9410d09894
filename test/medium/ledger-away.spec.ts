import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { aSandbox, broker, cleanUp, eventually, post, request, startConsumer, startProducer } from '../support';
import { startPostgres } from '../support/postgres';
import { allArrive, numbered } from '../e2e/arrivals';

const aMinute = 60_000;

/** A ledger, how it goes away and comes back, and for how long it is away at least. */
interface Frail {
  url: string;
  fail: () => Promise<void> | void;
  mend: () => Promise<void> | void;
  awayMs: number;
}

const frail: Record<string, () => Promise<Frail> | Frail> = {
  'on SQLite whose disk becomes full': () => {
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', dir]);
    cleanUp(() => {
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true });
    });
    const ballast = join(dir, 'ballast');
    const fill = () => {
      for (const block of [65_536, 512]) {
        try {
          for (;;) appendFileSync(ballast, Buffer.alloc(block));
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' });
        }
      }
    };
    return { url: `file:${join(dir, 'ledger.db')}`, fail: fill, mend: () => rmSync(ballast), awayMs: 0 };
  },
  'on PostgreSQL that is stopped for a minute': async () => {
    const { url, stop, start } = await startPostgres();
    return { url, fail: stop, mend: start, awayMs: aMinute };
  },
};

/** Only root may make a disk that is full without filling the real one. */
const possible = Object.entries(frail).filter(([name]) => !/disk/.test(name) || process.getuid?.() === 0);

describe.each(possible)('A ledger %s, in the middle of 2,000 messages,', (_, make) => {
  it('stops the sending, says so, loses nothing and doubles nothing, and goes on by itself', async () => {
    const [at, sandbox, { url: DATABASE_URL, fail, mend, awayMs }] = [await broker(), await aSandbox({ journalEntries: 10_000 }), await make()]; // prettier-ignore
    const rates = { TELEGRAM_RATE_GLOBAL: '250/1s', TELEGRAM_RATE_PRIVATE: '250/1s' };
    const [producer, consumer] = await Promise.all([
      startProducer(at, { DATABASE_URL }),
      startConsumer(at, { DATABASE_URL, TELEGRAM_API_ROOT: sandbox.url, ...rates }),
    ]);
    const messages = numbered(2_000, 100);
    for (let first = 0; first < messages.length; first += 500)
      expect((await post(producer.url, messages.slice(first, first + 500))).status).toBe(202);
    await sandbox.waitFor(500, 30_000);

    await fail();
    const says = async (url: string) => (await fetch(`${url}/health/ready`)).text();
    for (const { url, isReady } of [producer, consumer]) {
      await eventually(async () => !(await isReady()), 'it is not ready', 30_000);
      expect(await says(url)).toMatch(/"ledger":\{"status":"down"/);
    }
    const extra = { chat_id: 9_999, text: '9999' };
    expect((await post(producer.url, extra)).status).toBe(202);
    const keyed = await request<{ code: string }>(`${producer.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: JSON.stringify({ chat_id: 9_998, text: '9998' }),
    });
    expect([keyed.status, keyed.body.code]).toEqual([503, 'ledger_unavailable']);
    await pause(awayMs); // The time is what is tried here.
    expect(sandbox.accepted().length).toBeLessThan(messages.length);

    await mend();
    await eventually(async () => (await producer.isReady()) && (await consumer.isReady()), 'both are ready', 30_000);
    const { texts, doubled, disordered } = await allArrive(sandbox, [...messages, extra].map(({ text }) => text), 60_000); // prettier-ignore
    expect({ doubled, disordered, count: texts.size }).toEqual({ doubled: [], disordered: [], count: 2_001 });
    const left = async () => {
      const pages = ['queued', 'sending', 'retrying'].map((status) => request<{ messages: unknown[] }>(`${producer.url}/v1/messages?status=${status}`)); // prettier-ignore
      return (await Promise.all(pages)).flatMap(({ body }) => body.messages).length;
    };
    await eventually(async () => (await left()) === 0, 'every message is known to be sent', 20_000);
  }, 240_000);
});
