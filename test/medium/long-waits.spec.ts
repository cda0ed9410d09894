import { Ledger } from '@app/ledger';
import { aCommand, aSandbox, broker, eventually, openLedger, queue, startConsumer, type Namespace } from '../support';

/** Two hours, as Telegram says them now and then. */
const longMs = 7_200_000;

const standing = (ledger: Ledger, id: string) =>
  ledger.read((db) => db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst());

/** Lets the two hours be over: what a test cannot wait for. */
const passTime = (ledger: Ledger) => ledger.write((db) => db.updateTable('holds').set({ until: Date.now() }).execute());

async function refusedForLong(at: Namespace) {
  const sandbox = await aSandbox();
  const rates = { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_RATE_PRIVATE: '20/1s' };
  sandbox.fault({ match: { chat_id: 1 }, fault: { kind: 'code', error_code: 429, retry_after: longMs / 1000 } });
  const consumer = await startConsumer(at, rates);
  const commands = ['one', 'two', 'three'].map((text) => aCommand({ chat_id: 1, payload: { text } }));
  await queue(at, ...commands);
  await sandbox.waitFor((calls) => calls.length === 1);
  return { sandbox, rates, consumer, first: commands[0]!, ledger: await openLedger(at.environment.DATABASE_URL) };
}

describe('A chat that must wait for two hours', () => {
  it('waits in its room, in nobody’s hands, without using up an attempt, while the others flow', async () => {
    const at = await broker();
    const { sandbox, consumer, first, ledger } = await refusedForLong(at);
    await queue(at, ...Array.from({ length: 30 }, (_, n) => aCommand({ chat_id: 100 + n })));
    await sandbox.waitFor((calls) => calls.filter(({ verdict }) => verdict === 'accepted').length === 30);
    // Ready, and so not unacknowledged: no time-out of the broker's can hit it.
    await eventually(async () => (await at.count(at.names.room('default', 0))) === 3, 'all three are in the room');
    const holds = await ledger.read((db) => db.selectFrom('holds').selectAll().execute());
    expect(holds.find(({ chat_id }) => chat_id === '1')!.until - Date.now()).toBeGreaterThan(longMs - 60_000);
    expect(await standing(ledger, first.id)).toMatchObject({ status: 'retrying', reason: 'rate_limited', tries: 0 });
    expect(sandbox.journal({ chat_id: 1 })).toHaveLength(1);
    await consumer.close();
    expect(await at.count(at.names.dead)).toBe(0);
  });

  it('waits through restarts, however many, and goes on in order when the time is over', async () => {
    const at = await broker();
    const { sandbox, rates, consumer, first, ledger } = await refusedForLong(at);
    await eventually(async () => (await at.count(at.names.deliverQueue('default'))) === 0, 'nothing is on the way');
    await consumer.close();
    for (let restart = 0; restart < 3; restart++) {
      const next = await startConsumer(at, rates);
      await queue(at, aCommand({ chat_id: 7 }));
      await sandbox.waitFor((calls) => calls.filter(({ chat_id }) => chat_id === 7).length === restart + 1);
      await next.close();
    }
    expect(sandbox.journal({ chat_id: 1 })).toHaveLength(1);
    await passTime(ledger);
    await startConsumer(at, rates);
    await queue(at, aCommand({ chat_id: 1, payload: { text: 'four' } }));
    const sent = () => sandbox.accepted({ chat_id: 1 }).map(({ params }) => params.text);
    await eventually(() => sent().length === 4, 'all have arrived', 20_000);
    expect(sent()).toEqual(['one', 'two', 'three', 'four']);
    expect(await standing(ledger, first.id)).toMatchObject({ status: 'sent', tries: 0 });
    expect(await at.count(at.names.dead)).toBe(0);
  });
});
