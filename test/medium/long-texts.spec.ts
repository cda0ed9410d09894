import type { MessageReport } from '@app/contracts';
import { createHash } from 'node:crypto';
import { aSandbox, broker, eventually, post, request, startConsumer, startProducer } from '../support';

/** As fast as a test can wait for; the sandbox holds the same limits. */
const rates = { TELEGRAM_RATE_GLOBAL: '60/1s', TELEGRAM_RATE_PRIVATE: '60/1s' };
const limits = { bot: '60/1s', private: '60/1s' } as const;

async function bothApps() {
  const [at, sandbox] = [await broker(), await aSandbox({ limits })];
  const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { ...rates, TELEGRAM_API_ROOT: sandbox.url })]); // prettier-ignore
  return { at, sandbox, url };
}

const report = async (url: string, id: string) => (await request<MessageReport>(`${url}/v1/messages/${id}`)).body;
const isSent = (url: string, id: string, timeoutMs: number) =>
  eventually(async () => (await report(url, id)).status === 'sent', 'it is sent', timeoutMs);

/** A log of a megabyte whose lines are all different. */
const log = Array.from({ length: 12_500 }, (_, n) => `2026-01-01T00:00:00Z line ${n} ${'x'.repeat(n % 100)}`).join(
  '\n',
);

describe('A log of a megabyte as a text', () => {
  it('arrives complete and in order, in parts, as fast as the limits allow and no faster', async () => {
    expect(Buffer.byteLength(log)).toBeGreaterThan(1_000_000);
    const { sandbox, url } = await bothApps();
    const { status, body } = await post<{ id: string }>(url, { chat_id: 1, text: log });
    expect(status).toBe(202);
    await isSent(url, body.id, 60_000);
    const parts = sandbox.journal();
    expect(new Set(parts.map(({ verdict }) => verdict))).toEqual(new Set(['accepted']));
    expect(parts.map(({ params }) => params.text).join('\n')).toBe(log);
    expect(await report(url, body.id)).toMatchObject({ chunks: parts.length });
    expect(parts.at(-1)!.at - parts[0]!.at).toBeGreaterThan(1000 * (Math.floor(parts.length / 60) - 1));
  }, 90_000);

  it.each([
    ['plain', 'message.txt'],
    ['markdown', 'message.md'],
    ['html', 'message.html'],
  ])('arrives as one file, byte for byte, with overflow: document (%s)', async (format, name) => {
    const { at, sandbox, url } = await bothApps();
    const keyboard = { inline_keyboard: [[{ text: 'x', url: 'https://example.org' }]] };
    const message = { chat_id: 1, text: log, format, reply_markup: keyboard, delivery: { overflow: 'document' } };
    const { body } = await post<{ id: string }>(url, message);
    await at.publish(at.names.inbox, '', { ...message, chat_id: 2 });
    await isSent(url, body.id, 20_000);
    await sandbox.waitFor(2);
    const sha256 = createHash('sha256').update(log).digest('hex');
    const [first, second] = sandbox.journal();
    expect(first).toMatchObject({ method: 'sendDocument', files: [{ name, size: Buffer.byteLength(log), sha256 }] });
    expect(first!.params.reply_markup).toEqual(keyboard);
    expect(first!.params.text).toBeUndefined();
    expect([second!.method, second!.chat_id]).toEqual(['sendDocument', 2]);
  });
});

it('A caption that is too long goes on as replies, or as a file', async () => {
  const { sandbox, url } = await bothApps();
  const caption = Array.from({ length: 900 }, (_, n) => `word${n}`).join(' ');
  const photo = 'https://example.org/a.jpg';
  await post(url, { chat_id: 1, photo, caption });
  await sandbox.waitFor(3);
  const [medium, ...rest] = sandbox.journal();
  expect([medium!.params.caption, ...rest.map(({ params }) => params.text)].join(' ')).toBe(caption);
  expect(rest.map(({ params }) => (params.reply_parameters as { message_id: number }).message_id)).toEqual(rest.map(() => medium!.message_ids[0])); // prettier-ignore
  await post(url, { chat_id: 2, photo, caption, delivery: { overflow: 'document' } });
  await sandbox.waitFor(5);
  const [, document] = sandbox.journal({ chat_id: 2 });
  expect(document).toMatchObject({ method: 'sendDocument', files: [{ name: 'message.txt', size: caption.length }] });
});
