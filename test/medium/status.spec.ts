import { aCommand, aSandbox, broker, eventually, post, request, startConsumer, startProducer, queue } from '../support';
import { client } from '../support/client';

const apps = async () => {
  const at = await broker();
  const sandbox = await aSandbox();
  const [{ url }, consumer] = await Promise.all([
    startProducer(at),
    startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url }),
  ]);
  return { at, sandbox, url, api: client(url), consumer };
};

const accepted = async (url: string, body: object): Promise<string> => (await post<{ id: string }>(url, body)).body.id;

describe('GET /v1/messages/<id>', () => {
  it('shows a message from its acceptance on', async () => {
    const { url } = await startProducer(await broker());
    const id = await accepted(url, { chat_id: '@news', text: 'hi', delivery: { ref: 'alert-1' } });
    const { data } = await client(url).GET('/v1/messages/{id}', { params: { path: { id } } });
    expect(data).toMatchObject({ id, status: 'queued', bot: 'default', chat_id: '@news', method: 'sendMessage', ref: 'alert-1', attempts: [], telegram: { message_ids: [] }, chunks: 1, degradations: [] }); // prettier-ignore
  });

  it('tells each attempt, the wait between them, and Telegram’s id', async () => {
    const { sandbox, url, api } = await apps();
    sandbox.fault({ times: 1, fault: { kind: 'code', error_code: 502, description: 'Bad Gateway' } });
    const id = await accepted(url, { chat_id: 42, text: 'hi' });
    const message = await eventually(async () => {
      const { data } = await api.GET('/v1/messages/{id}', { params: { path: { id } } });
      return data?.status === 'sent' && data;
    }, 'it is sent');
    expect(message.attempts).toMatchObject([{ outcome: 'retry', reason: 'telegram_unavailable', error_code: 502 }, { outcome: 'sent' }]); // prettier-ignore
    expect(message.telegram.message_ids).toEqual([expect.any(Number)]);
  });

  it('tells why a message failed', async () => {
    const { sandbox, url, api } = await apps();
    sandbox.fault({ fault: { kind: 'code', error_code: 403, description: 'Forbidden: bot was blocked by the user' } });
    const id = await accepted(url, { chat_id: 42, text: 'hi' });
    await eventually(async () => {
      const { data } = await api.GET('/v1/messages/{id}', { params: { path: { id } } });
      expect(data).toMatchObject({ status: 'failed', reason: 'bot_blocked', attempts: [{ outcome: 'rejected', error_code: 403 }] }); // prettier-ignore
      return true;
    }, 'it is failed');
    const { data } = await api.GET('/v1/chats', { params: { query: { suppressed: 'true' } } });
    expect(data?.chats).toMatchObject([{ bot: 'default', chat_id: 42, suppressed: { reason: 'bot_blocked' } }]);
    const chat = { params: { path: { bot: 'default', chat: '42' } } };
    expect((await api.DELETE('/v1/chats/{bot}/{chat}/suppression', chat)).response.status).toBe(204);
    expect((await api.DELETE('/v1/chats/{bot}/{chat}/suppression', chat)).response.status).toBe(404);
  });

  it.each(['0199aaaa-0000-7000-8000-000000000000', 'nonsense', '%00'])('knows no message %s', async (id) => {
    const { url } = await startProducer(await broker());
    expect(await request(`${url}/v1/messages/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'message_not_found' },
    });
  });
});

describe('GET /v1/messages', () => {
  it('gives pages without holes or repeats while new messages come in', async () => {
    const { url } = await startProducer(await broker());
    const api = client(url);
    const ids = new Set<string>();
    for (let batch = 0; batch < 5; batch++) {
      const { body } = await post<{ id: string }[]>(
        url,
        Array.from({ length: 100 }, () => ({ chat_id: 42, text: 'x' })),
      );
      for (const { id } of body) ids.add(id);
    }
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const { data } = await api.GET('/v1/messages', { params: { query: { chat_id: '42', before, limit: 70 } } });
      seen.push(...(data?.messages ?? []).map(({ id }) => id));
      before = data?.next ?? undefined;
      await post(url, { chat_id: 42, text: 'newer' });
    } while (before);
    expect(seen).toHaveLength(500);
    expect(new Set(seen)).toEqual(ids);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('finds by chat, status and reference, and names what it does not know', async () => {
    const { url } = await startProducer(await broker());
    const id = await accepted(url, { chat_id: 42, text: 'x', delivery: { ref: 'job-7' } });
    await accepted(url, { chat_id: 43, text: 'x' });
    const find = async (query: string) =>
      (await request<{ messages: { id: string }[] }>(`${url}/v1/messages?${query}`)).body.messages.map(
        (found) => found.id,
      );
    for (const query of ['chat_id=42', 'ref=job-7', 'status=queued&chat_id=42'])
      expect(await find(query)).toEqual([id]);
    expect(await find('status=sent')).toEqual([]);
    expect(await request(`${url}/v1/messages?colour=red&limit=0`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_query', errors: expect.arrayContaining([expect.objectContaining({ field: 'colour' }), expect.objectContaining({ field: 'limit' })]) }, // prettier-ignore
    });
  });
});

describe('DELETE /v1/messages/<id>', () => {
  it('keeps a message from being sent, and says so of one that is sent', async () => {
    const { sandbox, url, api, consumer, at } = await apps();
    await consumer.close();
    const id = await accepted(url, { chat_id: 42, text: 'never' });
    const path = { params: { path: { id } } };
    expect((await api.DELETE('/v1/messages/{id}', path)).data).toMatchObject({ id, status: 'cancelled' });
    expect((await api.DELETE('/v1/messages/{id}', path)).response.status).toBe(409);
    await startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url });
    const marker = aCommand({ payload: { text: 'marker' } });
    await queue(at, marker);
    await sandbox.waitFor(1);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual(['marker']);
    const sent = { params: { path: { id: marker.id } } };
    await eventually(async () => (await api.GET('/v1/messages/{id}', sent)).data?.status === 'sent', 'it is sent');
    expect((await api.DELETE('/v1/messages/{id}', sent)).error).toMatchObject({ code: 'not_cancellable', detail: 'The message is sent.' }); // prettier-ignore
  });
});
