import { aCommand, aSandbox, broker, eventually, queue, startConsumer, type Namespace } from '../support';

describe('messages that wait', () => {
  let rabbit: Namespace;
  let deliveries: string;
  beforeEach(async () => {
    rabbit = await broker();
    deliveries = rabbit.names.deliverQueue('default');
  });

  it('are delivered when Telegram, unreachable at the start, comes within reach', async () => {
    const gone = await aSandbox();
    const { port } = new URL(gone.url);
    await gone.stop();
    const consumer = await startConsumer(rabbit, { TELEGRAM_API_ROOT: gone.url });
    const commands = [1, 2, 3].map((chat_id) => aCommand({ chat_id }));
    await queue(rabbit, ...commands);
    const hasTried = async () => /network_unreachable/.test(await (await fetch(`${consumer.url}/metrics`)).text());
    await eventually(hasTried, 'a call was tried');
    const sandbox = await aSandbox({ port: Number(port) });
    const sent = () => sandbox.journal({ method: 'sendMessage' });
    await sandbox.waitFor(() => sent().length === 3, 20_000);
    await consumer.close();
    expect(sent()).toHaveLength(3);
    expect(await rabbit.count(deliveries)).toBe(0);
    expect(await rabbit.count(rabbit.names.dead)).toBe(0);
  });

  it('stand in a waiting room for a long wait, in nobody’s hands, in order, and go to whoever delivers afterwards', async () => {
    const sandbox = await aSandbox();
    sandbox.fault({ fault: { kind: 'code', error_code: 429, retry_after: 14 } });
    const first = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    const texts = ['one', 'two', 'three', 'four'];
    await queue(rabbit, ...texts.map((text) => aCommand({ payload: { text } })));
    const room = rabbit.names.room('default', 0);
    await eventually(async () => (await rabbit.count(room)) === 4, 'the messages are in the room');
    await first.close(); // The broker takes back what is not acknowledged.
    expect(await rabbit.count(deliveries)).toBe(0);
    expect(await rabbit.count(room)).toBe(4);

    const second = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    await sandbox.waitFor(4, 25_000);
    await second.close();
    const [refused, ...accepted] = sandbox.journal();
    expect(accepted.map(({ params }) => params.text)).toEqual(texts);
    expect(accepted[0]!.at - refused!.at).toBeGreaterThanOrEqual(14_000);
    expect(accepted[0]!.at - refused!.at).toBeLessThan(16_000);
    for (const each of [deliveries, room, rabbit.names.dead]) expect(await rabbit.count(each)).toBe(0);
  });

  it('hold up no other chat', async () => {
    const sandbox = await aSandbox();
    sandbox.fault({ match: { chat_id: 1 }, fault: { kind: 'code', error_code: 429, retry_after: 3 } });
    const consumer = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    await queue(rabbit, aCommand({ chat_id: 1 }));
    await sandbox.waitFor((journal) => journal.length === 1);
    await queue(rabbit, ...[2, 3, 4].map((chat_id) => aCommand({ chat_id })));
    await sandbox.waitFor(4, 10_000);
    expect(sandbox.accepted().map(({ chat_id }) => chat_id)).toEqual([2, 3, 4, 1]);
    await consumer.close();
  });
});

describe('a consumer that is stopped', () => {
  it('settles the call that is under way and hands back the messages that have not begun', async () => {
    const rabbit = await broker();
    const sandbox = await aSandbox();
    sandbox.fault({ fault: { kind: 'slow', ms: 1_500 } });
    const consumer = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    const texts = ['first', 'second', 'third'];
    await queue(rabbit, ...texts.map((text) => aCommand({ payload: { text } })));
    await sandbox.waitFor((journal) => journal.length === 1);
    await consumer.close();
    expect(sandbox.accepted()).toMatchObject([{ params: { text: 'first' } }]);
    const left = await rabbit.takeAll(rabbit.names.deliverQueue('default'));
    expect(left.map(({ content }) => JSON.parse(content.toString()).data.payload.text)).toEqual(['second', 'third']);
    expect(await rabbit.count(rabbit.names.dead)).toBe(0);
  });

  it('leaves the rest to the next one, which sends each message once and in order', async () => {
    const rabbit = await broker();
    const sandbox = await aSandbox();
    const rates = { TELEGRAM_RATE_PRIVATE: '10/1s', TELEGRAM_API_ROOT: sandbox.url };
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
    const first = await startConsumer(rabbit, rates);
    await queue(rabbit, ...texts.map((text) => aCommand({ payload: { text } })));
    await sandbox.waitFor(5);
    await first.close();
    const second = await startConsumer(rabbit, rates);
    await sandbox.waitFor(20, 15_000);
    await second.close();
    expect(sandbox.journal().map(({ params }) => params.text)).toEqual(texts);
    expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
  });
});
