import { aSandbox, broker, eventually, openLedger, post, request, startConsumer, startProducer } from '../support';
import { eventsAfter } from '@app/ledger';

interface Report {
  id: string;
  status: string;
  reason?: string;
  description?: string;
  edits?: string;
  code?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
  telegram: { message_ids: number[] };
}

/** Both apps at a sandbox, and what callers do. */
async function aSystem(rates: Record<string, string> = { TELEGRAM_RATE_PRIVATE: '100/1s' }) {
  const [at, sandbox] = [await broker(), await aSandbox()];
  const environment = { ...rates, TELEGRAM_API_ROOT: sandbox.url };
  const [{ url }, consumer] = await Promise.all([startProducer(at), startConsumer(at, environment)]);
  const of = (id: string) => `${url}/v1/messages/${id}`;
  const send = async (body: object) => (await post<Report>(url, body)).body.id;
  const edit = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    request<Report>(of(id), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const recall = (id: string) => request<Report>(`${of(id)}?recall=true`, { method: 'DELETE' });
  const replay = (id: string) => request<Report>(`${of(id)}/replay`, { method: 'POST' });
  const ended = (id: string, status = 'sent') =>
    eventually(async () => {
      const { body } = await request<Report>(of(id));
      return body.status === status ? body : false;
    }, `${id} is ${status}`);
  const calls = () => sandbox.journal().map(({ method, params }) => [method, params.text ?? params.caption]);
  const shown = () => sandbox.chats.find('42')!.timeline.items.filter((item) => item.kind === 'message');
  const standing = () => shown().filter(({ deleted }) => !deleted).map(({ message }) => message); // prettier-ignore
  return { at, sandbox, url, consumer, environment, send, edit, recall, replay, ended, calls, standing };
}

const long = (...parts: string[]) => parts.map((part) => `${part} `.repeat(4000 / (part.length + 1))).join('\n\n');

describe('An edit', () => {
  it('changes a message where it stands', async () => {
    const { sandbox, send, edit, ended, calls } = await aSystem();
    const id = await send({ chat_id: 42, text: 'firing' });
    await ended(id);
    const { status, body } = await edit(id, { text: 'resolved', reply_markup: { inline_keyboard: [[{ text: 'ok', callback_data: 'ok' }]] } }); // prettier-ignore
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { status: 'queued', edits: id, method: 'editMessageText' },
    });
    await ended(body.id);
    expect(calls()).toEqual([
      ['sendMessage', 'firing'],
      ['editMessageText', 'resolved'],
    ]);
    expect(sandbox.journal()[1]!.params.message_id).toBe(sandbox.journal()[0]!.message_ids[0]);
  });

  it('comes after its message that is still to be sent, the newest alone where its chat must wait', async () => {
    const { sandbox, send, edit, ended, calls } = await aSystem();
    sandbox.fault({ times: 1, fault: { kind: 'code', error_code: 429, retry_after: 3 } });
    const id = await send({ chat_id: 42, text: 'firing' });
    await eventually(() => sandbox.journal().length === 1, 'it was refused once');
    const updated = await edit(id, { text: 'updated' });
    const resolved = await edit(id, { text: 'resolved' });
    await ended(resolved.body.id);
    expect(calls()).toEqual([
      ['sendMessage', 'firing'],
      ['sendMessage', 'firing'],
      ['editMessageText', 'resolved'],
    ]);
    expect(await ended(updated.body.id, 'cancelled')).toMatchObject({
      reason: 'cancelled',
      description: expect.stringMatching(/newer edit/),
    });
  });

  it('waits for the time of a message that is scheduled', async () => {
    const { send, edit, ended, calls } = await aSystem();
    const id = await send({ chat_id: 42, text: 'later', delivery: { delay: 3 } });
    const { body } = await edit(id, { text: 'later still' });
    expect(body.status).toBe('scheduled');
    await ended(body.id);
    expect(calls()).toEqual([
      ['sendMessage', 'later'],
      ['editMessageText', 'later still'],
    ]);
  }, 20_000);

  it('makes a text of several parts longer, and shorter again', async () => {
    const { send, edit, ended, standing } = await aSystem();
    const id = await send({ chat_id: 42, text: long('a', 'b') });
    const { telegram } = await ended(id);
    const firsts = () => standing().map(({ text }) => String(text)[0]);
    expect(firsts()).toEqual(['a', 'b']);
    await ended((await edit(id, { text: long('c', 'd', 'e') })).body.id);
    expect(firsts()).toEqual(['c', 'd', 'e']);
    const grown = (await ended(id)).telegram.message_ids;
    expect(grown.slice(0, 2)).toEqual(telegram.message_ids);
    expect(grown).toHaveLength(3);
    await ended((await edit(id, { text: 'f' })).body.id);
    expect(firsts()).toEqual(['f']);
    expect((await ended(id)).telegram.message_ids).toEqual(grown.slice(0, 1));
  });

  it('changes a caption, a medium, or the buttons alone', async () => {
    const { sandbox, send, edit, ended, calls } = await aSystem();
    const id = await send({ chat_id: 42, photo: 'https://example.org/a.jpg', caption: 'one' });
    await ended(id);
    await ended((await edit(id, { caption: '**two**', format: 'markdown' })).body.id);
    await ended(
      (await edit(id, { reply_markup: { inline_keyboard: [[{ text: 'ok', callback_data: 'ok' }]] } })).body.id,
    );
    await ended((await edit(id, { photo: 'https://example.org/b.jpg', caption: 'three' })).body.id);
    expect(calls().map(([method]) => method)).toEqual(['sendPhoto', 'editMessageCaption', 'editMessageReplyMarkup', 'editMessageMedia']); // prettier-ignore
    expect(sandbox.journal()[1]!.params).toMatchObject({ caption: 'two', caption_entities: [{ type: 'bold' }] });
    expect(sandbox.journal()[3]!.params).toMatchObject({ media: { type: 'photo', media: 'https://example.org/b.jpg', caption: 'three' } }); // prettier-ignore
  });

  it('is done where the message stands so already, and taken once under one Idempotency-Key', async () => {
    const { send, edit, ended, calls } = await aSystem();
    const id = await send({ chat_id: 42, text: 'same' });
    await ended(id);
    const key = { 'idempotency-key': 'k' };
    const both = [await edit(id, { text: 'same' }, key), await edit(id, { text: 'same' }, key)];
    expect(both[1]!.body.id).toBe(both[0]!.body.id);
    await ended(both[0]!.body.id);
    expect(calls()).toHaveLength(2);
  });

  it.each([
    [{}, ''],
    [[{ text: 'x' }], ''],
    [{ text: 'x', chat_id: 1 }, 'chat_id'],
    [{ text: 'x', method: 'sendMessage' }, 'method'],
    [{ text: 'x', delivery: { priority: 'high' } }, 'delivery.priority'],
    [{ text: 'x', delivery: { delay: 5 } }, 'delivery.delay'],
    [{ text: 'x', media: { type: 'photo', media: 'y' } }, 'media'],
    [{ text: 'x', delivery: { overflow: 'document' } }, 'delivery.overflow'],
    [{ caption: 'x' }, 'caption'],
    [{ question: 'x' }, 'question'],
    [{ text: 'x', reply_parameters: { message_id: 1 } }, 'reply_parameters'],
  ])('is refused with %j', async (body, field) => {
    const { send, edit, ended } = await aSystem();
    const id = await send({ chat_id: 42, text: 'x' });
    await ended(id);
    expect(await edit(id, body)).toMatchObject({ status: 400, body: { code: 'invalid_message', errors: [{ field }] } });
  });

  it('is refused of a message that nobody knows, that was not sent, or that is an edit', async () => {
    const { sandbox, send, edit, ended } = await aSystem();
    expect(await edit('019ad000-0000-7000-8000-000000000000', { text: 'x' })).toMatchObject({ status: 404 });
    sandbox.fault({ match: { text: 'bad' }, fault: { kind: 'code', error_code: 400, description: 'Bad Request: x' } });
    const [bad, good] = [await send({ chat_id: 42, text: 'bad' }), await send({ chat_id: 42, text: 'good' })];
    await Promise.all([ended(bad, 'failed'), ended(good)]);
    expect(await edit(bad, { text: 'x' })).toMatchObject({ status: 409, body: { code: 'not_editable' } });
    const first = await edit(good, { text: 'x' });
    await ended(first.body.id);
    expect(await edit(first.body.id, { text: 'y' })).toMatchObject({ status: 409, body: { code: 'not_editable' } });
  });

  it('ends without a call where its message fails before', async () => {
    const { sandbox, send, edit, ended, calls } = await aSystem();
    sandbox.fault({ times: 1, fault: { kind: 'code', error_code: 429, retry_after: 2 } });
    sandbox.fault({
      match: { text: 'bad' },
      fault: { kind: 'code', error_code: 400, description: 'Bad Request: x' },
    });
    const id = await send({ chat_id: 42, text: 'bad' });
    const { body } = await edit(id, { text: 'x' });
    expect(await ended(body.id, 'failed')).toMatchObject({ reason: 'bad_request', description: expect.stringMatching(/is failed/) }); // prettier-ignore
    expect(calls().map(([method]) => method)).not.toContain('editMessageText');
  });

  it('that failed is made again by a replay, unless a newer one came', async () => {
    const { at, sandbox, send, edit, ended, calls, replay } = await aSystem();
    const id = await send({ chat_id: 42, text: 'a' });
    await ended(id);
    sandbox.fault({ match: { text: 'b' }, fault: { kind: 'code', error_code: 400, description: 'Bad Request: x' } });
    const failed = (await edit(id, { text: 'b' })).body;
    await ended(failed.id, 'failed');
    const { status, body } = await replay(failed.id);
    expect({ status, body }).toMatchObject({ status: 202, body: { edits: id, replay_of: failed.id } });
    await ended(body.id);
    expect(calls().slice(1)).toEqual([
      ['editMessageText', 'b'],
      ['editMessageText', 'b'],
    ]);
    sandbox.fault({ match: { text: 'c' }, fault: { kind: 'code', error_code: 400, description: 'Bad Request: x' } });
    const older = (await edit(id, { text: 'c' })).body;
    await ended(older.id, 'failed');
    await ended((await edit(id, { text: 'd' })).body.id);
    expect(await replay(older.id)).toMatchObject({ status: 409, body: { code: 'not_replayable' } });
    const ledger = await openLedger(at.environment.DATABASE_URL);
    const events = await eventsAfter(ledger, 0, { limit: 99 });
    expect(events.map(({ data }) => JSON.parse(data) as Report).filter((event) => event.id === body.id)).toMatchObject([{ edits: id }, { edits: id }]); // prettier-ignore
    await ledger.onApplicationShutdown();
  });
});

describe('A recall', () => {
  it('deletes a message, an album, and all parts of a split one', async () => {
    const { send, recall, ended, standing } = await aSystem();
    const item = (name: string) => ({ type: 'photo', media: `https://example.org/${name}.jpg` });
    const ids = [
      await send({ chat_id: 42, text: 'one' }),
      await send({ chat_id: 42, media: [item('a'), item('b')] }),
      await send({ chat_id: 42, text: long('a', 'b', 'c') }),
    ];
    for (const id of ids) await ended(id);
    expect(standing()).toHaveLength(6);
    for (const id of ids) {
      const { status, body } = await recall(id);
      expect({ status, body }).toMatchObject({ status: 202, body: { edits: id, method: 'deleteMessages' } });
      await ended(body.id);
    }
    expect(standing()).toEqual([]);
  });

  it('cancels what is not sent yet', async () => {
    const { send, recall, calls } = await aSystem();
    const id = await send({ chat_id: 42, text: 'later', delivery: { delay: 60 } });
    expect(await recall(id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(calls()).toEqual([]);
  });

  it('is harmless twice, and the end of all edits', async () => {
    const { send, edit, recall, ended, standing } = await aSystem();
    const id = await send({ chat_id: 42, text: 'one' });
    await ended(id);
    await ended((await recall(id)).body.id);
    const again = await recall(id);
    expect(again.status).toBe(202);
    expect(await ended(again.body.id, 'cancelled')).toMatchObject({ description: expect.stringMatching(/recalled/) });
    expect(await edit(id, { text: 'x' })).toMatchObject({ status: 409, body: { code: 'not_editable' } });
    expect(standing()).toEqual([]);
  });
});
