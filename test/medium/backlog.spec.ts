import { aCommand, aSandbox, broker, eventually, queue, startConsumer, startNode } from '../support';

/** So many ready messages that they would not fit into memory, and limits under which they are gone within seconds. */
const rates = { TELEGRAM_RATE_PRIVATE: '20/1s', TELEGRAM_RATE_GROUP: '20/1s', TELEGRAM_RATE_GLOBAL: '400/1s' };
const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

describe('A backlog for one chat', () => {
  it('leaves memory and the queue to the others, and arrives whole and in order', async () => {
    const [rabbit, sandbox] = [await broker(), await aSandbox()];
    const texts = numbers(400);
    const environment = { ...rates, TELEGRAM_API_ROOT: sandbox.url };
    await (await startConsumer(rabbit, environment)).close(); // It makes the queues.
    await queue(rabbit, ...texts.map((text) => aCommand({ chat_id: -1, payload: { text } })));
    await queue(rabbit, ...numbers(30).map((text, n) => aCommand({ chat_id: 100 + n, payload: { text } })));
    const consumer = await startConsumer(rabbit, environment);
    const others = () => sandbox.accepted().filter(({ chat_id }) => chat_id !== -1);
    await eventually(() => others().length === 30, 'the others are served');
    expect(sandbox.journal({ chat_id: -1 }).length).toBeLessThan(200);
    await sandbox.waitFor(430, 90_000);
    expect(sandbox.journal({ chat_id: -1 }).map(({ params }) => params.text)).toEqual(texts);
    await consumer.close();
    expect(await rabbit.count(rabbit.names.room('default', 0))).toBe(0);
  }, 120_000);

  it('keeps its order and loses nothing when one consumer after the other is stopped amid it', async () => {
    const [rabbit, sandbox] = [await broker(), await aSandbox()];
    const texts = numbers(300);
    for (let sent = 50; sent < 300; sent += 50) {
      const consumer = await startConsumer(rabbit, { ...rates, TELEGRAM_API_ROOT: sandbox.url });
      if (sent === 50) await queue(rabbit, ...texts.map((text) => aCommand({ chat_id: -1, payload: { text } })));
      await sandbox.waitFor(sent, 20_000);
      await consumer.close();
    }
    await startConsumer(rabbit, { ...rates, TELEGRAM_API_ROOT: sandbox.url });
    await sandbox.waitFor(300, 20_000);
    expect(sandbox.journal().map(({ params }) => params.text)).toEqual(texts);
  });

  it('of sixty chats at once arrives whole, and in order in each', async () => {
    const [rabbit, sandbox] = [await broker(), await aSandbox()];
    await startConsumer(rabbit, { ...rates, TELEGRAM_RATE_GROUP: '1/1s', TELEGRAM_API_ROOT: sandbox.url });
    const [chats, texts] = [numbers(60).map((n) => -1 - Number(n)), numbers(14)];
    for (const text of texts) await queue(rabbit, ...chats.map((chat_id) => aCommand({ chat_id, payload: { text } })));
    await sandbox.waitFor(chats.length * texts.length, 50_000);
    for (const chat_id of chats) expect(sandbox.journal({ chat_id }).map(({ params }) => params.text)).toEqual(texts);
  });

  it('of a group that becomes a supergroup goes before what is for the supergroup', async () => {
    const [rabbit, sandbox] = [await broker(), await aSandbox()];
    await startConsumer(rabbit, { ...rates, TELEGRAM_RATE_GROUP: '1/1s', TELEGRAM_API_ROOT: sandbox.url });
    const [group, supergroup, texts] = [-5, -1_000_000_000_005, numbers(17)];
    await queue(rabbit, ...texts.slice(0, 15).map((text) => aCommand({ chat_id: group, payload: { text } })));
    await sandbox.waitFor(2);
    sandbox.chat(group, { state: 'migrated', migrate_to_chat_id: supergroup });
    await sandbox.waitFor((calls) => calls.some(({ chat_id }) => chat_id === supergroup));
    await queue(rabbit, ...texts.slice(15).map((text) => aCommand({ chat_id: supergroup, payload: { text } })));
    await sandbox.waitFor(texts.length, 40_000);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual(texts);
  });

  it('of bulk delays a high message, there and elsewhere, by no more than the limits', async () => {
    const [rabbit, sandbox] = [await broker(), await aSandbox()];
    await startConsumer(rabbit, { ...rates, TELEGRAM_API_ROOT: sandbox.url });
    await queue(rabbit, ...numbers(300).map((text) => aCommand({ chat_id: -1, payload: { text }, priority: 'bulk' })));
    await sandbox.waitFor(30);
    const start = Date.now();
    await queue(
      rabbit,
      ...[-1, 7].map((chat_id) => aCommand({ chat_id, payload: { text: 'high' }, priority: 'high' })),
    );
    const high = () => sandbox.accepted().filter(({ params }) => params.text === 'high');
    await eventually(() => high().length === 2, 'both have arrived');
    expect(Math.max(...high().map(({ at }) => at)) - start).toBeLessThan(1_000);
  });

  it('is found by the next consumer though its queue is too busy to be counted', async () => {
    const node = await startNode();
    const [rabbit, sandbox] = [await broker(node.url), await aSandbox()];
    const environment = { ...rates, TELEGRAM_API_ROOT: sandbox.url };
    await (await startConsumer(rabbit, environment)).close();
    const room = rabbit.names.room('default', 0);
    for (const text of ['1', '2']) {
      const data = aCommand({ payload: { text } });
      const own = { messageId: data.id, persistent: true, headers: { 'x-line': '42 normal' } };
      await rabbit.publish('', room, { pattern: 'message.send', data }, own);
    }
    // RabbitMQ 3.10 answers a passive declare with 0 messages when the queue has not told it within 250 ms.
    const suspend = `erlang:suspend_process(whereis('%2F_${room}')), timer:sleep(3000)`;
    await node.ctl('eval', `spawn(fun() -> ${suspend} end).`);
    await startConsumer(rabbit, environment);
    await sandbox.waitFor(2, 20_000);
    expect(sandbox.journal().map(({ params }) => params.text)).toEqual(['1', '2']);
  }, 60_000);
});
