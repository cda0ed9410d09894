import { aSandbox, broker, eventually, post, request, startConsumer, startProducer } from '../support';
import { client } from '../support/client';

const blocked = { kind: 'code', error_code: 403, description: 'Forbidden: bot was blocked by the user' } as const;

/** Both apps, and a message that Telegram has refused for good, with its dead letter on record. */
async function aRefusal(settings: Record<string, string> = {}) {
  const at = await broker();
  const sandbox = await aSandbox();
  sandbox.fault({ match: { chat_id: 42 }, fault: blocked });
  const [{ url }] = await Promise.all([
    startProducer(at, settings),
    startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url, ...settings }),
  ]);
  const { id } = (await post<{ id: string }>(url, { chat_id: 42, text: 'x' })).body;
  const letters = async () => (await client(url).GET('/v1/dead-letters', {})).data?.dead_letters ?? [];
  await eventually(async () => (await letters()).length === 1, 'the letter is on record');
  const replay = (path: string) =>
    request<{ code?: string; id?: string }>(`${url}/v1/${path}/replay`, { method: 'POST' });
  return { sandbox, url, id, letters, replay };
}

describe('A message that was given up', () => {
  it('is sent again once, whether by its own id or by that of its dead letter', async () => {
    const { sandbox, id, letters, replay } = await aRefusal();
    const all = await Promise.all([replay(`messages/${id}`), replay(`messages/${id}`), replay(`messages/${id}`)]);
    expect(all.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const [letter] = await letters();
    expect(letter?.replayed_as).toBe(all.find(({ status }) => status === 202)?.body.id);
    expect((await replay(`dead-letters/${letter?.id}`)).body.code).toBe('not_replayable');
    await sandbox.waitFor(1);
    expect(sandbox.accepted()).toHaveLength(1);
  });

  it('is told but cannot be sent again where LEDGER_BODIES is off', async () => {
    const { sandbox, url, id, letters, replay } = await aRefusal({ LEDGER_BODIES: 'off' });
    expect((await client(url).GET('/v1/messages/{id}', { params: { path: { id } } })).data).toMatchObject({ status: 'failed', reason: 'bot_blocked' }); // prettier-ignore
    expect((await replay(`messages/${id}`)).body.code).toBe('body_not_kept');
    const [letter] = await letters();
    expect((await replay(`dead-letters/${letter?.id}`)).body.code).toBe('body_not_kept');
    expect(sandbox.accepted()).toHaveLength(0);
  });
});
