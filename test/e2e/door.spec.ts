import { botToken, eventually, type SpawnedApp } from '../support';
import { aSystem, type System } from './system';

const send = async ({ url }: SpawnedApp, text: string) => {
  const body = new URLSearchParams({ chat_id: '1001', text });
  const answer = await fetch(`${url}/bot${botToken}/sendMessage`, { method: 'POST', body });
  return (await answer.json()) as { ok: boolean; result: { message_id: number; text: string } };
};

/** Waits until so many clients of the producer wait for answers. */
const waits = ({ url }: SpawnedApp, many: number) =>
  eventually(
    async () => (await (await fetch(`${url}/metrics`)).text()).includes(`\ntelegramq_bot_api_waiting ${many}\n`),
    `${many} clients wait`,
  );

const seen = ({ sandbox }: System) => sandbox.accepted().map(({ params }) => params.text as string);

describe('The Bot API door', () => {
  it('has repetitions join their messages after a kill -9 of the producer, at the next one and at another', async () => {
    const system = await aSystem();
    const [killed, other] = await Promise.all([system.producer(), system.producer()]);
    const lost = ['ok', 'ok', 'fine'].map((text) => send(killed, text).catch(() => 'cut off'));
    await waits(killed, 3);
    await killed.kill('SIGKILL');
    expect(await Promise.all(lost)).toEqual(['cut off', 'cut off', 'cut off']);

    const next = await system.producer();
    const again = [send(next, 'ok'), send(other, 'ok'), send(next, 'fine')];
    await waits(next, 2);
    await waits(other, 1);
    await system.consumer();
    const results = (await Promise.all(again)).map(({ result }) => result);
    expect(results.map(({ text }) => text)).toEqual(['ok', 'ok', 'fine']);
    expect(results.map(({ message_id }) => message_id).sort()).toEqual([1, 2, 3]);
    expect(seen(system).sort()).toEqual(['fine', 'ok', 'ok']);
  });

  it('answers over a kill -9 of the consumer, by the one that takes over', async () => {
    const system = await aSystem();
    const [producer, consumer] = await Promise.all([system.producer(), system.consumer()]);
    system.sandbox.fault({ fault: { kind: 'hang' } });
    const answer = send(producer, 'ok');
    await system.sandbox.waitFor((journal) => journal.length === 1);
    await consumer.kill('SIGKILL');
    await system.consumer();
    expect(await answer).toMatchObject({ ok: true, result: { text: 'ok' } });
    expect(seen(system)).toEqual(['ok']);
  });
});
