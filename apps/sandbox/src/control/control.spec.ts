import { get } from 'node:http';
import { probe } from '../probe.fixture';
import type { Sandbox } from '../sandbox';
import { startSandbox } from '../server';

describe('control API', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox({ limits: 'off' })));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${sandbox.url}/sandbox${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const send = (chat_id: number, text = 'x') => probe(sandbox, 'sendMessage', { chat_id, text });

  it('is healthy', async () => expect(await ask('GET', '/health')).toEqual({ status: 200, body: { status: 'ok' } }));

  it('shows the journal by chat, method, verdict and position', async () => {
    sandbox.chat(6, 'blocked');
    await send(5);
    await send(6);
    await probe(sandbox, 'getMe', {});
    const seqs = async (query: string) =>
      (await ask('GET', `/journal${query}`)).body.map(({ seq }: { seq: number }) => seq);
    expect(await seqs('')).toEqual([1, 2, 3]);
    expect(await seqs('?chat_id=6')).toEqual([2]);
    expect(await seqs('?method=GETME')).toEqual([3]);
    expect(await seqs('?verdict=refused,lost')).toEqual([2]);
    expect(await seqs('?since=1&limit=1')).toEqual([2]);
    expect((await ask('GET', '/journal/count')).body).toEqual({
      total: 3,
      accepted: 2,
      refused: 1,
      lost: 0,
      unprocessed: 0,
      too_many_requests: 0,
    });
    expect((await ask('GET', '/journal/count?chat_id=5')).body).toMatchObject({ total: 1, accepted: 1 });
  });

  it('arms, lists and removes faults', async () => {
    const armed = await ask('POST', '/faults', {
      match: { chat_id: 5 },
      times: null,
      fault: { kind: 'code', error_code: 403 },
    });
    expect(armed).toMatchObject({ status: 201, body: { id: expect.any(Number), hits: 0, times: null } });
    expect((await send(5)).status).toBe(403);
    expect((await ask('GET', '/faults')).body).toMatchObject([{ id: armed.body.id, hits: 1 }]);
    expect((await ask('DELETE', `/faults/${armed.body.id}`)).body).toEqual([]);
    expect((await ask('DELETE', `/faults/${armed.body.id}`)).status).toBe(404);
    expect((await send(5)).status).toBe(200);
  });

  it('changes limits', async () => {
    expect((await ask('PUT', '/limits', { private: '2/1s' })).body).toMatchObject({ private: '2/1s', bot: 'off' });
    expect([(await send(5)).status, (await send(5)).status, (await send(5)).status]).toEqual([200, 200, 429]);
    expect((await ask('PUT', '/limits', 'on')).body).toEqual({
      bot: '30/1s',
      paid: '1000/1s',
      private: '1/1s',
      group: '20/60s',
    });
  });

  it('sets chats up and shows what stands in them', async () => {
    await ask('PUT', '/chats/5', { title: 'Ada', username: 'ada' });
    await send(5, 'hello');
    await ask('PUT', '/chats/5', { state: 'deactivated' });
    await send(5, 'are you there?');
    expect((await ask('GET', '/chats')).body).toMatchObject([
      { id: 5, type: 'private', first_name: 'Ada', username: 'ada', state: 'deactivated', messages: 1 },
    ]);
    expect((await ask('GET', '/chats/@ada/messages')).body).toMatchObject([
      { kind: 'message', message: { text: 'hello' } },
      { kind: 'refused', error_code: 403, excerpt: 'are you there?' },
    ]);
    expect((await ask('GET', '/chats/99/messages')).status).toBe(404);
  });

  it('forgets everything on DELETE', async () => {
    await send(5);
    sandbox.fault({ fault: { kind: 'hang' } });
    expect((await ask('DELETE', '')).status).toBe(200);
    expect([sandbox.journal(), sandbox.faults.list(), (await ask('GET', '/chats')).body]).toEqual([[], [], []]);
    expect((await send(5)).result.message_id).toBe(1);
  });

  it.each<[string, string, unknown, string[]]>([
    ['POST', '/faults', {}, ['fault.kind']],
    ['POST', '/faults', { times: 0, fault: { kind: 'code', eror: 1 } }, ['times', 'fault.error_code', 'fault.eror']],
    ['POST', '/faults', { match: { chat: 5 }, fault: { kind: 'slow' } }, ['match.chat', 'fault.ms']],
    ['PUT', '/limits', { private: 'fast', both: '1/1s' }, ['private', 'both']],
    ['PUT', '/chats/5', { state: 'angry', missing_threads: ['x'] }, ['state', 'missing_threads']],
    ['PUT', '/chats/5', { state: 'migrated' }, ['migrate_to_chat_id']],
    ['PUT', '/chats/nobody', {}, ['id']],
    ['PUT', '/chats/%E0%A4%A', {}, ['id']],
    ['GET', '/journal?verdict=fine&since=soon', undefined, ['verdict', 'since']],
    ['PUT', '/methods', [], ['body']],
  ])('names what is wrong: %s %s %j', async (method, path, body, fields) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([...fields].sort());
  });

  it('streams each call and the counts to those who listen', async () => {
    const seen = await new Promise<string>((resolve) => {
      const request = get(`${sandbox.url}/sandbox/events`, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          if (text === '') void send(5, 'live');
          text += chunk;
          if (text.includes('"live"')) {
            request.destroy();
            resolve(text);
          }
        });
      });
    });
    expect(seen).toMatch(/^event: count\ndata: \{.*\}\n\n/);
    expect(seen).toMatch(/id: 1\ndata: \{"seq":1,.*"verdict":"accepted"/);
  });
});
