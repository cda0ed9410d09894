import {
  aSandbox,
  botToken,
  broker,
  eventually,
  post,
  spawnApp,
  startConsumer,
  startNode,
  startProducer,
  type Namespace,
} from '../support';

describe('a broker that does not take the message', () => {
  let node: Awaited<ReturnType<typeof startNode>>;
  let rabbit: Namespace;
  let queue: string;
  beforeAll(async () => {
    node = await startNode();
  });
  beforeEach(async () => {
    rabbit = await broker(node.url);
    queue = rabbit.names.deliverQueue('default');
  });

  /** Lets the delivery queue hold so many messages. */
  const limit = (length: number) =>
    node.ctl(
      'set_policy',
      rabbit.prefix,
      `^${queue}$`,
      JSON.stringify({ 'max-length': length }),
      '--apply-to',
      'queues',
    );

  it('answers 503 when the delivery queue is full, and takes messages again when there is room', async () => {
    const { url } = await startProducer(rabbit);
    await limit(5);
    const refused = await eventually(async () => {
      const answer = await post(url, { chat_id: 1, text: 'x' });
      return answer.status === 202 ? false : answer;
    }, 'the queue is full');
    expect(refused).toMatchObject({ status: 503, body: { code: 'broker_refused' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const full = await rabbit.count(queue);
    expect((await post(url, { chat_id: 1, text: 'x' })).status).toBe(503);
    expect(await rabbit.takeAll(queue)).toHaveLength(full);
    await eventually(async () => (await post(url, { chat_id: 1, text: 'room' })).status === 202, 'there is room');
    expect(await rabbit.count(queue)).toBe(1);
  });

  it('never answers 202 for an array of which a part did not fit, and takes nothing of one once the queue is full', async () => {
    const { url } = await startProducer(rabbit);
    await limit(5);
    const arrayOf10 = Array(10).fill({ chat_id: 1, text: 'x' });
    let taken = 0;
    await eventually(async () => {
      const answer = await post<{ code: string }>(url, arrayOf10);
      if (answer.status === 202) taken += 10;
      else expect(['unconfirmed', 'broker_refused']).toContain(answer.body.code);
      return answer.body.code === 'broker_refused';
    }, 'the queue is full');
    const full = await rabbit.count(queue);
    expect(full).toBeGreaterThanOrEqual(taken);
    expect(await post(url, arrayOf10)).toMatchObject({ status: 503, body: { code: 'broker_refused' } });
    expect(await rabbit.count(queue)).toBe(full);
  });

  it('answers 503 when the delivery queue is gone, and never 202 for a message that is nowhere', async () => {
    const { url } = await startProducer(rabbit);
    await rabbit.onChannel((channel) => channel.deleteQueue(queue));
    expect(await post(url, { chat_id: 1, text: 'lost?' })).toMatchObject({ status: 503, body: { code: 'unroutable' } });
    await eventually(async () => (await post(url, { chat_id: 1, text: 'found' })).status === 202, 'the queue is back');
    expect(await rabbit.count(queue)).toBe(1);
  });

  it('delivers all that it has taken though the delivery queue is deleted under both apps', async () => {
    const sandbox = await aSandbox();
    const { url } = await startProducer(rabbit);
    const consumer = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    await rabbit.onChannel((channel) => channel.deleteQueue(queue));
    await eventually(async () => !(await consumer.isReady()), 'the consumer has noticed');
    await eventually(() => consumer.isReady(), 'the consumer reads again');
    expect((await post(url, { chat_id: 1, text: 'after' })).status).toBe(202);
    expect(await sandbox.waitFor(1)).toMatchObject([{ params: { text: 'after' } }]);
  });
});

describe('a delivery queue that stands with other properties', () => {
  it('ends neither app, which name it and how to go on, and go on once it is gone', async () => {
    const [at, sandbox] = [await broker(), await aSandbox()];
    const taken = at.names.deliverQueue('default');
    await at.onChannel((channel) => channel.assertQueue(taken, { durable: true }));
    const bot = { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_API_ROOT: sandbox.url };
    const apps = await Promise.all([
      spawnApp('producer', at.environment, 'listening'),
      spawnApp('consumer', { ...at.environment, ...bot }, 'listening'),
    ]);
    for (const { log } of apps) {
      const told = () => new RegExp(`${taken}.*choose another QUEUE_PREFIX`).exec(log());
      await eventually(told, 'it is told');
    }
    expect(await post(apps[0].url, { chat_id: 1, text: 'x' })).toMatchObject({ status: 503 });
    await at.onChannel((channel) => channel.deleteQueue(taken));
    const answer = () => post(apps[0].url, { chat_id: 1, text: 'x' });
    await eventually(async () => (await answer()).status === 202, 'it is taken', 20_000);
    await sandbox.waitFor(1, 20_000);
  });
});
