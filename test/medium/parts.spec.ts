import { findMessage } from '@app/ledger';
import { aCommand, aSandbox, broker, eventually, openLedger, queue, startConsumer, type Namespace } from '../support';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';

/** A message in so many parts, each with its number as its text. */
const inParts = (name: string, count: number, overrides: Parameters<typeof aCommand>[0] = {}) => {
  const text = (n: number) => `${name}${n}`;
  const rest = Array.from({ length: count - 1 }, (_, n) => ({
    ...{ method: 'sendMessage', payload: { chat_id: 42, text: text(n + 2) } },
    replies: true as const,
  }));
  return aCommand({ version: 2, payload: { text: text(1) }, rest, ...overrides });
};

const texts = (sandbox: Sandbox) => sandbox.journal().map(({ params }) => params.text);
const arrived = (sandbox: Sandbox) => sandbox.accepted().map(({ params }) => params.text);

async function aConsumer(rates: Record<string, string> = { TELEGRAM_RATE_PRIVATE: '100/1s' }) {
  const [rabbit, sandbox] = [await broker(), await aSandbox()];
  const environment = { ...rates, TELEGRAM_API_ROOT: sandbox.url };
  return { rabbit, sandbox, start: () => startConsumer(rabbit, environment) };
}

async function report(rabbit: Namespace, id: string) {
  const ledger = await openLedger(rabbit.environment.DATABASE_URL);
  const found = await findMessage(ledger, id);
  await ledger.onApplicationShutdown();
  return found;
}

describe('A message in several parts', () => {
  it('arrives in order with nothing of its chat in between, and the parts after the first reply to it', async () => {
    const { rabbit, sandbox, start } = await aConsumer({ TELEGRAM_RATE_PRIVATE: '20/1s' });
    const long = inParts('a', 25);
    await start();
    await queue(rabbit, long, inParts('b', 2));
    await sandbox.waitFor(5);
    await queue(rabbit, aCommand({ payload: { text: 'high' }, priority: 'high' }));
    await sandbox.waitFor(28);
    const numbered = Array.from({ length: 25 }, (_, n) => `a${n + 1}`);
    expect(texts(sandbox)).toEqual([...numbered, 'high', 'b1', 'b2']);
    const [first, ...others] = sandbox.journal();
    const replies = others
      .slice(0, 24)
      .map(({ params }) => (params.reply_parameters as { message_id: number }).message_id);
    expect(new Set(replies)).toEqual(new Set(first!.message_ids));
    const found = await eventually(async () => {
      const one = await report(rabbit, long.id);
      return one?.status === 'sent' ? one : false;
    }, 'it is sent');
    expect(found).toMatchObject({ chunks: 25, degradations: [] });
    expect(found.telegram.message_ids).toHaveLength(25);
  });

  it.each(['429', '500', 'reset'] as const)(
    'is not begun anew after a fault (%s) in the midst of it',
    async (fault) => {
      const { rabbit, sandbox, start } = await aConsumer();
      sandbox.fault({
        match: { text: 'a3' },
        fault:
          fault === 'reset'
            ? { kind: 'reset', processed: false }
            : { kind: 'code', error_code: Number(fault), ...(fault === '429' && { retry_after: 1 }) },
      });
      await start();
      await queue(rabbit, inParts('a', 5));
      await sandbox.waitFor(5, 20_000);
      expect(texts(sandbox)).toEqual(['a1', 'a2', 'a3', 'a3', 'a4', 'a5']);
    },
  );

  it('goes on where it was when the consumer is stopped in the midst of it', async () => {
    const { rabbit, sandbox, start } = await aConsumer({ TELEGRAM_RATE_PRIVATE: '2/1s' });
    const consumer = await start();
    await queue(rabbit, inParts('a', 6), aCommand({ payload: { text: 'next' } }));
    await sandbox.waitFor(3);
    await consumer.close();
    await start();
    await sandbox.waitFor(7, 20_000);
    expect(texts(sandbox)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'next']);
  });

  it('goes on after a part without an answer that must not be sent twice, and says so', async () => {
    const { rabbit, sandbox, start } = await aConsumer();
    sandbox.fault({ match: { text: 'a2' }, fault: { kind: 'cut' } });
    const message = inParts('a', 3, { on_uncertain: 'drop' });
    await start();
    await queue(rabbit, message);
    await sandbox.waitFor(3);
    expect(texts(sandbox)).toEqual(['a1', 'a2', 'a3']);
    await eventually(async () => (await report(rabbit, message.id))?.status === 'sent', 'it is sent');
    expect(await report(rabbit, message.id)).toMatchObject({ degradations: ['part_uncertain'] });
  });

  it('keeps what is left of it in its waiting room while its chat must wait', async () => {
    const { rabbit, sandbox, start } = await aConsumer();
    sandbox.fault({ match: { text: 'a2' }, fault: { kind: 'code', error_code: 429, retry_after: 12 } });
    await start();
    await queue(rabbit, inParts('a', 3), aCommand({ payload: { text: 'next' } }));
    await sandbox.waitFor(4, 30_000);
    expect(texts(sandbox)).toEqual(['a1', 'a2', 'a2', 'a3', 'next']);
    expect(arrived(sandbox)).toEqual(['a1', 'a2', 'a3', 'next']);
  }, 40_000);
});
