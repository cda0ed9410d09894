import type { MessageEvent } from '@app/contracts';
import { aSandbox, broker, cleanUp, eventually, post, request, startConsumer, startProducer } from '../support';

/** Reads a stream of server-sent events as it comes. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const events: { id: string; event: string; data: MessageEvent }[] = [];
  const abort = new AbortController();
  cleanUp(() => abort.abort());
  const response = await fetch(url, { headers, signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const read = async () => {
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() as string;
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('id'))
          events.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) as MessageEvent });
      }
    }
  };
  const ended = read().catch(() => undefined);
  return { events, ended, stop: () => abort.abort() };
}

const posts = (url: string, count: number, chat_id = 42) =>
  post<{ id: string }[]>(
    url,
    Array.from({ length: count }, () => ({ chat_id, text: 'x' })),
  );

describe('The exchange of events', () => {
  it('tells what becomes of each message, in order', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    sandbox.fault({ match: { chat_id: 43 }, fault: { kind: 'code', error_code: 403, description: 'Forbidden: bot was kicked from the group chat' } }); // prettier-ignore
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    const heard = at.queue('heard');
    await at.onChannel(async (channel) => {
      await channel.assertQueue(heard, { durable: true });
      await channel.bindQueue(heard, at.names.events, 'message.#');
    });
    await post(url, { chat_id: 42, text: 'x', delivery: { ref: 'r' } });
    await post(url, { chat_id: 43, text: 'x' });
    await eventually(async () => (await at.count(heard)) === 4, 'four events are there');
    const letters = await at.takeAll(heard);
    const events = letters.map(({ content }) => JSON.parse(content.toString()) as MessageEvent);
    const of = (chat: number) => events.filter(({ chat_id }) => chat_id === chat);
    expect(of(42)).toMatchObject([{ event: 'message.queued', ref: 'r' }, { event: 'message.sent', message_ids: [expect.any(Number)] }]); // prettier-ignore
    expect(of(43)).toMatchObject([{ event: 'message.queued' }, { event: 'message.failed', reason: 'bot_kicked', error_code: 403 }]); // prettier-ignore
    expect(letters[0]?.fields.routingKey).toBe('message.queued');
  });

  it('misses none and doubles none when its producer is replaced by another', async () => {
    const at = await broker();
    const heard = at.queue('heard');
    const [first, second] = await Promise.all([startProducer(at), startProducer(at)]);
    await at.onChannel(async (channel) => {
      await channel.assertQueue(heard, { durable: true });
      await channel.bindQueue(heard, at.names.events, '#');
    });
    const ids = (await posts(first.url, 300)).body.map(({ id }) => id);
    await first.close();
    ids.push(...(await posts(second.url, 300)).body.map(({ id }) => id));
    await eventually(async () => (await at.count(heard)) >= 600, 'all events are there');
    const events = (await at.takeAll(heard)).map(({ content }) => JSON.parse(content.toString()) as MessageEvent);
    expect(events.map(({ id }) => id)).toEqual(ids);
  });
});

describe('GET /v1/events', () => {
  it('tells what happens from now on, and goes on after Last-Event-ID without a gap', async () => {
    const { url } = await startProducer(await broker());
    await posts(url, 10);
    await eventually(async () => (await request<{ messages: unknown[] }>(`${url}/v1/messages`)).body.messages.length === 10, 'on record'); // prettier-ignore
    const first = await listen(`${url}/v1/events`);
    await posts(url, 20);
    await eventually(() => first.events.length === 20, '20 events');
    first.stop();
    const middle = first.events[9] as (typeof first.events)[number];
    await posts(url, 600);
    const second = await listen(`${url}/v1/events`, { 'last-event-id': middle.id });
    await eventually(() => second.events.length === 610, '610 events');
    expect(second.events.slice(0, 10)).toEqual(first.events.slice(10));
  });

  it('tells only what is asked for', async () => {
    const { url } = await startProducer(await broker());
    const { events } = await listen(`${url}/v1/events?chat_id=7&status=queued&last_event_id=0`);
    await posts(url, 5, 6);
    await posts(url, 3, 7);
    await posts(url, 5, 8);
    await eventually(() => events.length === 3, 'three events');
    expect(events.map(({ data }) => data.chat_id)).toEqual([7, 7, 7]);
    expect(await request(`${url}/v1/events?last_event_id=x`)).toMatchObject({ status: 400 });
  });

  it('ends when the producer stops, which does not wait for its listeners', async () => {
    const { url, close } = await startProducer(await broker());
    const { ended } = await listen(`${url}/v1/events`);
    await close();
    await ended;
  });
});
