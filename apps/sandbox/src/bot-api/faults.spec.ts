import { probe } from '../probe.fixture';
import type { FaultSpec, Sandbox } from '../sandbox';
import { startSandbox } from '../server';

const message = { chat_id: 5, text: 'hello' };

describe('scripted faults', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox({ limits: 'off' })));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());
  const send = (params: object = message) => probe(sandbox, 'sendMessage', { ...params });
  const raw = (signal?: AbortSignal) =>
    fetch(`${sandbox.url}/bot1:x/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal,
    });
  const verdicts = () => sandbox.journal().map(({ verdict }) => verdict);

  it('answers any error code, once, then works again', async () => {
    sandbox.fault({ fault: { kind: 'code', error_code: 429, retry_after: 7200 } });
    const refused = await send();
    expect(refused).toMatchObject({
      status: 429,
      description: 'Too Many Requests: retry after 7200',
      parameters: { retry_after: 7200 },
    });
    expect(refused.headers.get('retry-after')).toBe('7200');
    expect((await send()).ok).toBe(true);
    expect(verdicts()).toEqual(['refused', 'accepted']);
  });

  it('sends the message and answers with an error all the same', async () => {
    sandbox.fault({ fault: { kind: 'code', error_code: 500, description: 'Internal Server Error', processed: true } });
    expect((await send()).status).toBe(500);
    expect(sandbox.accepted()).toMatchObject([{ verdict: 'lost', message_ids: [1] }]);
  });

  it.each<[FaultSpec['fault'], string]>([
    [{ kind: 'reset' }, 'unprocessed'],
    [{ kind: 'reset', processed: true }, 'lost'],
  ])('breaks the connection: %j', async (fault, verdict) => {
    sandbox.fault({ fault });
    await expect(raw()).rejects.toThrow('fetch failed');
    expect(verdicts()).toEqual([verdict]);
  });

  it.each<[FaultSpec['fault'], string]>([
    [{ kind: 'hang' }, 'unprocessed'],
    [{ kind: 'hang', processed: true }, 'lost'],
  ])('never answers: %j', async (fault, verdict) => {
    sandbox.fault({ fault });
    const patience = new AbortController();
    const answer = raw(patience.signal);
    await sandbox.waitFor((journal) => journal.length === 1);
    patience.abort();
    await expect(answer).rejects.toThrow('abort');
    expect(verdicts()).toEqual([verdict]);
  });

  it('cuts a 200 half way', async () => {
    sandbox.fault({ fault: { kind: 'cut' } });
    const answer = await raw();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(verdicts()).toEqual(['lost']);
  });

  it('answers late, and the message is there before the answer', async () => {
    sandbox.fault({ fault: { kind: 'slow', ms: 400 } });
    const begin = performance.now();
    let answered = false;
    const answer = send().finally(() => (answered = true));
    await sandbox.waitFor(1);
    expect(answered).toBe(false);
    expect((await answer).ok).toBe(true);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(399);
    expect(verdicts()).toEqual(['accepted']);
  });

  it.each([
    [{ kind: 'html' }, 502, '502 Bad Gateway'],
    [{ kind: 'html', status: 200, body: '<h1>Log in to the Wi-Fi</h1>' }, 200, 'Wi-Fi'],
  ] as const)('answers with a page: %j', async (fault, status, text) => {
    sandbox.fault({ fault });
    const answer = await raw();
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({ status, type: 'text/html' });
    expect(await answer.text()).toContain(text);
    expect(verdicts()).toEqual(['unprocessed']);
  });

  it('answers with nothing', async () => {
    sandbox.fault({ fault: { kind: 'empty', processed: true } });
    const answer = await raw();
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(verdicts()).toEqual(['lost']);
  });

  it('hits only what it is aimed at, as often as it is told, after what it lets pass', async () => {
    const fault = { kind: 'code', error_code: 500 } as const;
    sandbox.fault({
      match: { chat_id: '5', text: 'ell', method: 'SENDMESSAGE', bot: '7000000001' },
      after: 1,
      times: 2,
      fault,
    });
    const statuses: number[] = [];
    for (const params of [
      message,
      { ...message, chat_id: 6 },
      { ...message, text: 'other' },
      message,
      message,
      message,
    ]) {
      statuses.push((await send(params)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 500, 500, 200]);
  });

  it('goes on until it is removed', async () => {
    sandbox.fault({ times: null, fault: { kind: 'code', error_code: 401 } });
    for (let round = 0; round < 3; round += 1) expect((await send()).status).toBe(401);
    sandbox.clearFaults();
    expect((await send()).status).toBe(200);
  });

  it('does not hide that Telegram would have refused', async () => {
    sandbox.chat(5, 'blocked');
    sandbox.fault({ fault: { kind: 'empty', processed: true } });
    await raw();
    expect(verdicts()).toEqual(['refused']);
  });
});
