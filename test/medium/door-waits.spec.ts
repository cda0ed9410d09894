import { botToken, broker, eventually, startNode, startProducer, type RunningApp } from '../support';
import { aDoorway, ask, hangUp, json, resultOf, type Doorway } from './doorway';

const method = `${botToken}/sendMessage`;
const call = (text = 'ok', chat_id = 1001) => json({ chat_id, text });
const later = {
  status: 429,
  type: 'application/json',
  retryAfter: '5',
  text: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}',
};

/** How many clients wait, as the metrics tell. */
const waiting = async ({ url }: RunningApp): Promise<number> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^telegramq_bot_api_waiting (\d+)$/m.exec(metrics)?.[1]);
};
const waits = (producer: RunningApp, many: number) =>
  eventually(async () => (await waiting(producer)) === many, `${many} clients wait`);

/** Texts that the chats have seen. */
const seen = ({ sandbox }: Doorway) => sandbox.accepted({ method: 'sendMessage' }).map(({ params }) => params.text);

describe('A client of the Bot API door', () => {
  it('that waits in vain is told when to come back, and its repetition gets the answer of the message that waited', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '1s' });
    const producer = await door.producer();
    const start = performance.now();
    expect(await ask(producer.url, method, call())).toEqual(later);
    expect(performance.now() - start).toBeGreaterThan(990);

    await door.consumer();
    await door.sandbox.waitFor(1);
    const answer = await eventually(async () => {
      const again = await ask(producer.url, method, json({ text: 'ok', chat_id: 1001 })); // In another order.
      return again.status === 200 && again;
    }, 'the answer is there');
    expect(resultOf(answer)).toMatchObject({ message_id: 1, text: 'ok' });
    expect(seen(door)).toEqual(['ok']);

    // It was handed out once: the same call is a new message now.
    expect(resultOf(await ask(producer.url, method, call()))).toMatchObject({ message_id: 2 });
    expect(seen(door)).toEqual(['ok', 'ok']);
  });

  it('joins its message while that still waits, and is told the moment it is sent', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '1s' });
    const producer = await door.producer({ BOT_API_WAIT: '1s' });
    expect(await ask(producer.url, method, call())).toEqual(later);
    const patient = await door.producer({ BOT_API_WAIT: '60s' });
    const joined = ask(patient.url, method, call());
    await waits(patient, 1);
    await door.consumer();
    expect(resultOf(await joined)).toMatchObject({ message_id: 1 });
    expect(seen(door)).toEqual(['ok']);
  });

  it('sends the same twice where two clients wait for it, also at two producers', async () => {
    const door = await aDoorway();
    const [one, two] = await Promise.all([door.producer(), door.producer()]);
    const answers = [one, one, one, one, two, two].map(({ url }) => ask(url, method, call()));
    await waits(one, 4);
    await waits(two, 2);
    await door.consumer();
    const ids = (await Promise.all(answers)).map((answer) => resultOf(answer).message_id);
    expect(ids.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen(door)).toHaveLength(6);
  });

  it('that hangs up leaves its message, which its repetition joins', async () => {
    const door = await aDoorway();
    const producer = await door.producer();
    const leave = hangUp(producer.url, method, JSON.stringify({ chat_id: 1001, text: 'ok' }));
    await waits(producer, 1);
    leave();
    await waits(producer, 0);
    const again = ask(producer.url, method, call());
    await waits(producer, 1);
    await door.consumer();
    expect(resultOf(await again)).toMatchObject({ message_id: 1 });
    expect(seen(door)).toEqual(['ok']);
  });

  it('that hangs up before the answer gets it by its repetition, refusals included', async () => {
    const door = await aDoorway();
    const producer = await door.producer();
    const leaves = [hangUp(producer.url, method, '{"chat_id":1001,"text":"ok"}'), hangUp(producer.url, method, '{"chat_id":7}')]; // prettier-ignore
    await waits(producer, 2);
    for (const leave of leaves) leave();
    await waits(producer, 0);
    await door.consumer();
    await door.sandbox.waitFor((journal) => journal.length === 2);
    await eventually(async () => (await door.at.count(door.at.names.dead)) === 1, 'nobody was told of the refusal');
    expect(resultOf(await ask(producer.url, method, call()))).toMatchObject({ message_id: 1 });
    expect(await ask(producer.url, method, json({ chat_id: 7 }))).toMatchObject({ status: 400 });
    expect(door.sandbox.journal()).toHaveLength(2);
  });

  it('is told to come back when its producer stops, and another producer has its answer', async () => {
    const door = await aDoorway();
    const [first, second] = await Promise.all([door.producer(), door.producer()]);
    const told = ask(first.url, method, call());
    await waits(first, 1);
    await Promise.all([first.close(), expect(told).resolves.toEqual(later)]);
    const joined = ask(second.url, method, call());
    await waits(second, 1);
    await door.consumer();
    expect(resultOf(await joined)).toMatchObject({ message_id: 1 });
    expect(seen(door)).toEqual(['ok']);
  });

  it('never waits with BOT_API_WAIT=0: it gets the queued message, and a refusal becomes a dead letter', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '0' });
    const producer = await door.producer();
    const queued = resultOf(await ask(producer.url, method, call()));
    expect(queued).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'queued',
      chat_id: 1001,
      method: 'sendMessage',
      created_at: expect.stringMatching(/^20.*Z$/),
    });
    await ask(producer.url, method, json({ chat_id: 7 }));
    await door.consumer();
    await eventually(async () => (await door.at.count(door.at.names.dead)) === 1, 'the refusal is a dead letter');
    const found = await (await fetch(`${producer.url}/v1/messages/${queued.id as string}`)).json();
    expect(found).toMatchObject({ status: 'sent', telegram: { message_ids: [1] } });
  });

  it('hears of a message that was cancelled', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '2s' });
    const producer = await door.producer();
    const answer = ask(producer.url, method, call());
    await waits(producer, 1);
    const { messages } = (await (await fetch(`${producer.url}/v1/messages`)).json()) as { messages: { id: string }[] };
    await fetch(`${producer.url}/v1/messages/${messages[0]?.id}`, { method: 'DELETE' });
    expect(await answer).toMatchObject({ status: 400, text: expect.stringContaining('the message was cancelled') });
  });

  it('is told to come back while the broker is away, and nothing is sent twice or lost', async () => {
    const door = await aDoorway();
    const away = { ...door.at.environment, RABBITMQ_URL: 'amqp://127.0.0.1:1', TELEGRAM_BOT_TOKEN: botToken };
    const lonely = await startProducer(await broker(), away, 'listening');
    expect(await ask(lonely.url, method, call())).toEqual(later);
    const producer = await door.producer();
    await door.consumer();
    expect(resultOf(await ask(producer.url, method, call()))).toMatchObject({ message_id: 1 });
    expect(seen(door)).toEqual(['ok']);
  });

  it('is told to come back while the ledger is away, and nothing is sent', async () => {
    const door = await aDoorway();
    const away = { DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none', TELEGRAM_BOT_TOKEN: botToken };
    const producer = await startProducer(door.at, away, 'listening');
    await eventually(async () => /"broker":\{"status":"up"/.test(await (await fetch(`${producer.url}/health/ready`)).text()), 'the broker is there'); // prettier-ignore
    expect(await ask(producer.url, method, call())).toEqual(later);
    await door.consumer();
    expect(await door.at.count(door.at.names.deliverQueue('default'))).toBe(0);
  });

  it('hears Telegram’s own wait where the chat must wait for long', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '1s' });
    const [producer] = await Promise.all([door.producer(), door.consumer()]);
    door.sandbox.fault({ fault: { kind: 'code', error_code: 429, retry_after: 7200 } });
    const { status, retryAfter } = await ask(producer.url, method, call());
    expect(status).toBe(429);
    expect(Number(retryAfter)).toBeGreaterThan(7190);
    expect(Number(retryAfter)).toBeLessThanOrEqual(7201);
  });

  it('waits while the bot’s token is refused, and is told to come back', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '1s' });
    const [producer] = await Promise.all([door.producer(), door.consumer()]);
    door.sandbox.fault({ times: null, fault: { kind: 'code', error_code: 401, description: 'Unauthorized' } });
    expect(await ask(producer.url, method, call())).toEqual(later);
    door.sandbox.clearFaults();
    const answer = await eventually(async () => {
      const again = await ask(producer.url, method, call());
      return again.status === 200 && again;
    }, 'the bot goes on');
    expect(resultOf(answer)).toMatchObject({ message_id: 1 });
    expect(seen(door)).toEqual(['ok']);
  });
});

describe('A broker that restarts', () => {
  it('costs no client of the door its answer, and no message is sent twice', async () => {
    const node = await startNode();
    const door = await aDoorway({}, {}, node.url);
    const [producer, other] = await Promise.all([door.producer(), door.producer()]);
    const waitingFor = [ask(producer.url, method, call('a')), ask(other.url, method, call('b'))];
    const { deliverQueue } = door.at.names;
    await eventually(async () => (await door.at.count(deliverQueue('default'))) === 2, 'the broker has both');
    await node.kill();
    const refused = await ask(producer.url, method, call('c'));
    expect(refused).toEqual(later);
    await node.restart();
    await door.consumer();
    const ids = (await Promise.all(waitingFor)).map((answer) => resultOf(answer).message_id);
    expect(ids.sort()).toEqual([1, 2]);
    await eventually(async () => (await ask(producer.url, method, call('c'))).status === 200, 'the third is sent');
    expect(seen(door).sort()).toEqual(['a', 'b', 'c']);
  }, 90_000);
});
