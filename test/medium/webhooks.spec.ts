import type { MessageEvent } from '@app/contracts';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { broker, cleanUp, eventually, post, startProducer } from '../support';
import { client } from '../support/client';

interface Heard {
  event: MessageEvent;
  id: string;
  body: string;
  headers: Record<string, string>;
}

/** A receiver of webhooks that answers as it is told; what it took is kept. */
async function aReceiver(status: (event: MessageEvent, tries: number) => number = () => 204) {
  const taken: Heard[] = [];
  const tries: Heard[] = [];
  const read = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString();
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      const heard = { event: JSON.parse(body) as MessageEvent, id: headers['webhook-id'] ?? '', body, headers };
      tries.push(heard);
      const code = status(heard.event, tries.filter(({ id }) => id === heard.id).length);
      if (code < 300) taken.push(heard);
      response.writeHead(code, code === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => void server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=1`, taken, tries };
}

const path = { name: 'a' };
/** Makes or changes the webhook `a`, for all events. */
const put = (url: string, to: string) =>
  client(url).PUT('/v1/webhooks/{name}', { params: { path }, body: { url: to, events: [] } });
/** How the webhook `a` stands. */
const standing = async (url: string) => (await client(url).GET('/v1/webhooks/{name}', { params: { path } })).data;

const local = { WEBHOOK_ALLOW: '127.0.0.0/8' };
const texts = (count: number, chat_id = 42) => Array.from({ length: count }, () => ({ chat_id, text: 'x' }));

describe('A webhook', () => {
  it('is told of each event, signed as Standard Webhooks says', async () => {
    const receiver = await aReceiver();
    const { url } = await startProducer(await broker(), local);
    await post(url, { chat_id: 42, text: 'before' });
    await client(url).GET('/v1/messages', {}); // It is on record before this is answered.
    const params = { path: { name: 'mine' } };
    const made = await client(url).PUT('/v1/webhooks/{name}', { params, body: { url: receiver.url, events: [] } });
    expect(made.response.status).toBe(201);
    await post(url, texts(120));
    await eventually(() => receiver.taken.length >= 120, 'all events are taken');
    const checked = new Webhook(made.data?.secret ?? '');
    for (const { body, headers, event } of receiver.taken) expect(checked.verify(body, headers)).toEqual(event);
    expect(() => checked.verify('{}', receiver.taken[0]?.headers ?? {})).toThrow();
    expect(new Set(receiver.taken.map(({ id }) => id)).size).toBe(120);
    const { data } = await client(url).GET('/v1/webhooks/{name}', { params });
    expect(data).toMatchObject({ name: 'mine', status: 'active' });
    expect(data).not.toHaveProperty('secret');
  });

  it('is told only of the events and the chat that it asked for', async () => {
    const receiver = await aReceiver();
    const { url } = await startProducer(await broker(), local);
    const make = (name: string, body: object) =>
      client(url).PUT('/v1/webhooks/{name}', { params: { path: { name } }, body: body as { url: string; events: [] } });
    await make('chat', { url: receiver.url, chat_id: 7, events: ['message.queued'] });
    await make('none', { url: receiver.url, events: ['message.sent'] });
    await post(url, [...texts(3, 6), ...texts(2, 7), ...texts(1, 8)]);
    await eventually(() => receiver.taken.length === 2, 'two events');
    expect(receiver.taken.map(({ event }) => event.chat_id)).toEqual([7, 7]);
  });

  it('is told again with the same id what it did not take, and one bad event does not stop the others', async () => {
    const receiver = await aReceiver(({ chat_id }, tries) => (chat_id === 7 && tries < 3 ? 500 : 204));
    const { url } = await startProducer(await broker(), local);
    await put(url, receiver.url);
    await post(url, [...texts(5), ...texts(1, 7), ...texts(5)]);
    await eventually(() => receiver.taken.length === 11, 'all events are taken', 15_000);
    expect(receiver.taken.at(-1)?.event.chat_id).toBe(7);
    expect(receiver.tries).toHaveLength(13);
  });

  it('goes on where it was after its receiver was away, and after another producer took over', async () => {
    let isAway = true;
    const receiver = await aReceiver(() => (isAway ? 503 : 204));
    const at = await broker();
    const first = await startProducer(at, local);
    await put(first.url, receiver.url);
    const { body } = await post<{ id: string }[]>(first.url, texts(20));
    await eventually(() => receiver.tries.length > 0, 'it was tried');
    await eventually(async () => (await standing(first.url))?.status === 'failing', 'it is known to fail');
    expect(await standing(first.url)).toMatchObject({ last_error: 'it answered 503' });
    const second = await startProducer(at, local);
    await first.close();
    isAway = false;
    await eventually(() => receiver.taken.length === 20, 'all events are taken', 20_000);
    expect(receiver.taken.map(({ event }) => event.id).sort()).toEqual(body.map(({ id }) => id).sort());
    await eventually(async () => (await standing(second.url))?.status === 'active', 'it is well again');
  });

  it('is disabled by 410 and goes on by the next PUT', async () => {
    let isGone = true;
    const receiver = await aReceiver(() => (isGone ? 410 : 204));
    const { url } = await startProducer(await broker(), local);
    const { data: made } = await put(url, receiver.url);
    await post(url, texts(1));
    await eventually(async () => (await standing(url))?.status === 'disabled', 'it is disabled');
    expect((await standing(url))?.disabled?.why).toBe('it answered 410');
    isGone = false;
    const again = await put(url, receiver.url);
    expect(again.response.status).toBe(200);
    expect(again.data?.secret).toBe(made?.secret);
    await eventually(() => receiver.taken.length === 1, 'it is told what it missed');
    expect((await client(url).DELETE('/v1/webhooks/{name}', { params: { path } })).response.status).toBe(204);
    expect((await client(url).GET('/v1/webhooks', {})).data).toEqual({ webhooks: [] });
  });

  it('does not follow a redirect', async () => {
    const receiver = await aReceiver(() => 302);
    const { url } = await startProducer(await broker(), local);
    await put(url, receiver.url);
    await post(url, texts(1));
    await eventually(async () => (await standing(url))?.last_error === 'it answered 302', 'it says so');
  });

  it('cannot lead into this network, by address or by name', async () => {
    const receiver = await aReceiver();
    const { url } = await startProducer(await broker());
    const refused = await put(url, receiver.url);
    expect(refused.response.status).toBe(400);
    expect(refused.error).toMatchObject({ code: 'invalid_webhook', errors: [{ field: 'url' }] });
    expect((await put(url, receiver.url.replace('127.0.0.1', 'localhost'))).response.status).toBe(201);
    await post(url, texts(1));
    await eventually(async () => (await standing(url))?.status === 'failing', 'it fails');
    expect((await standing(url))?.last_error).toMatch(/not public/);
    expect(receiver.tries).toEqual([]);
  });

  it('is refused with the field that is wrong', async () => {
    const { url } = await startProducer(await broker());
    const wrong: [name: string, body: object, field: string][] = [
      ['a%20b', { url: 'https://example.org/' }, 'name'],
      ['a', {}, 'url'],
      ['a', { url: 'ftp://example.org/' }, 'url'],
      ['a', { url: 'https://u:p@example.org/' }, 'url'],
      ['a', { url: 'https://example.org/', events: ['message.seen'] }, 'events.0'],
      ['a', { url: 'https://example.org/', chat_id: 0 }, 'chat_id'],
      ['a', { url: 'https://example.org/', secret: 'whsec_x' }, 'secret'],
      ['a', { url: 'https://example.org/', more: 1 }, 'more'],
    ];
    for (const [name, body, field] of wrong) {
      const answer = await fetch(`${url}/v1/webhooks/${name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = (await answer.json()) as { errors: { field: string }[] };
      expect([answer.status, ...said.errors.map((one) => one.field)]).toEqual([400, field]);
    }
  });
});
