import type { DeadLetter } from '@app/contracts';
import { aSandbox, broker, eventually, post, request, startConsumer, startProducer, type Namespace } from '../support';
import { client } from '../support/client';

const letters = async (url: string, query = ''): Promise<DeadLetter[]> =>
  (await request<{ dead_letters: DeadLetter[] }>(`${url}/v1/dead-letters?${query}`)).body.dead_letters;

const someLetters = (url: string, count: number, query = '') =>
  eventually(async () => {
    const found = await letters(url, query);
    return found.length === count && found;
  }, `${count} letters are on record`);

const garbage = (at: Namespace, count: number) =>
  at.publishAll(
    at.names.inbox,
    'any',
    Array.from({ length: count }, (_, n) => [`garbage ${n}`, {}] as const),
  );

const blocked = { kind: 'code', error_code: 403, description: 'Forbidden: bot was blocked by the user' } as const;

describe('Dead letters', () => {
  it('are listed with their reasons, filtered, and looked into', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    sandbox.fault({ match: { chat_id: 43 }, fault: blocked });
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    await garbage(at, 1);
    const { body } = await post<{ id: string }>(url, { chat_id: 43, text: 'x' });
    const [newest] = await someLetters(url, 1, 'reason=bot_blocked&chat_id=43&bot=default');
    expect(newest).toMatchObject({ message_id: body.id, error_code: 403, attempts: 1, queue: at.names.deliverQueue('default') }); // prettier-ignore
    const [unread] = await someLetters(url, 1, 'reason=invalid_command');
    const { data } = await client(url).GET('/v1/dead-letters/{id}', { params: { path: { id: unread!.id } } });
    expect(data).toMatchObject({ body: 'garbage 0', queue: at.names.inbox });
    expect(await letters(url, `until=${newest!.failed_at}&chat_id=43`)).toEqual([]);
    expect(await at.count(at.names.dead)).toBe(2); // The public queue has them all the same.
  });

  it('are sent again once, edited or as they were, as messages that name the first', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    sandbox.fault({ match: { chat_id: 43 }, fault: blocked });
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    await post(url, [
      { chat_id: 43, text: 'one' },
      { chat_id: 43, text: 'two', delivery: { ref: 'r' } },
    ]);
    const [two, one] = (await someLetters(url, 2)) as [DeadLetter, DeadLetter];
    const answer = await request<{ id: string }>(`${url}/v1/dead-letters/${one.id}/replay`, { method: 'POST' });
    expect(answer).toMatchObject({ status: 202, body: { replay_of: one.message_id, status: 'queued' } });
    expect(await request(`${url}/v1/dead-letters/${one.id}/replay`, { method: 'POST' })).toMatchObject({ status: 409, body: { code: 'not_replayable' } }); // prettier-ignore
    const edit = { method: 'POST', body: '{"text":"two, mended"}', headers: { 'content-type': 'application/json' } };
    expect((await request(`${url}/v1/messages/${two.message_id}/replay`, edit)).status).toBe(202);
    await sandbox.waitFor(2);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual(['one', 'two, mended']);
    const { data } = await client(url).GET('/v1/messages/{id}', { params: { path: { id: answer.body.id } } });
    expect(data?.replay_of).toBe(one.message_id);
    expect((await letters(url, 'replayed=true')).map(({ replayed_as }) => replayed_as)).toContain(answer.body.id);
  });

  it('that nobody could read are sent as what their sender makes of them now', async () => {
    const at = await broker();
    const { url } = await startProducer(at);
    await garbage(at, 1);
    const [letter] = await someLetters(url, 1);
    const replay = (body: object) =>
      request(`${url}/v1/dead-letters/${letter!.id}/replay`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }); // prettier-ignore
    expect(await replay({})).toMatchObject({ status: 400, body: { code: 'invalid_message' } });
    expect(await replay({ chat_id: 42, text: 'now right' })).toMatchObject({ status: 202 });
    expect(await at.count(at.names.deliverQueue('default'))).toBe(1);
  });

  it('are counted by a dry run, sent again all that match, and forgotten', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    for (const chat_id of [43, 44]) sandbox.fault({ match: { chat_id }, fault: blocked });
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url, TELEGRAM_RATE_PRIVATE: '1000/1s' })]); // prettier-ignore
    await post(
      url,
      Array.from({ length: 20 }, (_, n) => ({ chat_id: n < 15 ? 43 : 44, text: `${n}` })),
    );
    await someLetters(url, 20);
    const api = client(url);
    const order = (dry_run: boolean) => api.POST('/v1/dead-letters/replay', { body: { filter: { chat_id: 43 }, dry_run, rate: 100 } }); // prettier-ignore
    expect((await order(true)).data).toEqual({ matched: 15, dry_run: true });
    expect((await order(false)).response.status).toBe(202);
    await sandbox.waitFor(15);
    expect(sandbox.accepted()).toHaveLength(15);
    expect((await order(true)).data).toEqual({ matched: 0, dry_run: true });
    const purge = async (query: string) =>
      (await request(`${url}/v1/dead-letters?${query}`, { method: 'DELETE' })).body;
    expect(await purge('')).toMatchObject({ code: 'invalid_query' });
    expect(await purge('chat_id=44')).toEqual({ deleted: 5 });
    expect(await purge('all=true')).toEqual({ deleted: 15 });
    expect(await letters(url)).toEqual([]);
  });
});
