import type { Ledger } from '@app/ledger';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import { eventually, openLedger, post, request, startNode } from '../support';
import { allArrive, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

const sentOnRecord = (ledger: Ledger): Promise<number> =>
  ledger.read(async (db) => {
    const rows = await db.selectFrom('messages').select('id').where('status', '=', 'sent').execute();
    return rows.length;
  });

describe('A consumer that is killed between Telegram’s ok and the acknowledgement', () => {
  it('has none of these messages sent again by its successor', async () => {
    const node = await startNode();
    const { sandbox, environment, producer, consumer } = await aSystem({ brokerUrl: node.url });
    const ledger = await openLedger(environment.DATABASE_URL as string);
    const messages = numbered(40, 40);
    // No answer comes before the broker is frozen, so no acknowledgement reaches it.
    sandbox.fault({ times: null, fault: { kind: 'slow', ms: 1_500 } });
    const [{ url }, victim] = await Promise.all([producer(), consumer()]);
    await each(messages, 10, (message) => postAccepted(url, message));
    await sandbox.waitFor(messages.length);
    node.freeze();
    await eventually(async () => (await sentOnRecord(ledger)) === messages.length, 'every answer is on record');
    await victim.kill('SIGKILL');
    node.thaw();

    const successor = await consumer();
    const marker = { chat_id: 9_999, text: 'after' };
    await postAccepted(url, marker);
    const texts = [...messages.map(({ text }) => text), marker.text];
    const { doubled } = await allArrive(sandbox, texts, 30_000);
    expect(doubled).toEqual([]);
    await successor.kill('SIGTERM'); // Everything in hand is settled by then.
    expect(sandbox.accepted()).toHaveLength(texts.length);
  }, 120_000);
});

describe('A text in five parts whose consumer is killed', () => {
  const parts = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter} `.repeat(2_000).trim());
  const text = parts.join('\n\n');

  interface Told {
    status: string;
    telegram: { message_ids: number[] };
  }

  /** Sends it at one part in 2 s, kills the consumer at that moment, and tells which parts arrived. */
  async function killedWhen(isMoment: (sandbox: Sandbox, told: Told) => boolean, answersLate?: string) {
    const { sandbox, producer, consumer } = await aSystem({ environment: { TELEGRAM_RATE_PRIVATE: '1/2s' } });
    if (answersLate) sandbox.fault({ match: { text: answersLate }, fault: { kind: 'slow', ms: 60_000 } });
    const [{ url }, victim] = await Promise.all([producer(), consumer()]);
    const { id } = (await post<{ id: string }>(url, { chat_id: 42, text })).body;
    const told = async () => (await request<Told>(`${url}/v1/messages/${id}`)).body;
    await eventually(async () => isMoment(sandbox, await told()), 'the moment has come');
    await victim.kill('SIGKILL');
    await consumer();
    await eventually(async () => (await told()).status === 'sent', 'it is sent', 30_000);
    expect((await told()).telegram.message_ids).toHaveLength(5);
    return sandbox.accepted().map(({ params }) => String(params.text)[0]);
  }

  it('between two of them goes on with the next', async () => {
    const arrived = await killedWhen((_, { telegram }) => telegram.message_ids.length === 2);
    expect(arrived).toEqual(['a', 'b', 'c', 'd', 'e']);
  }, 90_000);

  it('while one waits for its answer sends that one again, and none before it', async () => {
    const arrived = await killedWhen((sandbox) => sandbox.accepted().length === 3, parts[2]);
    expect(arrived).toEqual(['a', 'b', 'c', 'c', 'd', 'e']);
  }, 90_000);
});

describe('One Idempotency-Key', () => {
  it('is one message at 50 requests at once, and again after producer, consumer and broker were started anew', async () => {
    const node = await startNode();
    const { sandbox, producer, consumer } = await aSystem({ brokerUrl: node.url });
    const message = { chat_id: 42, text: 'once' };
    const fiftyTimes = async (url: string) => {
      const posts = Array.from({ length: 50 }, () => post<{ id: string }>(url, message, { 'idempotency-key': 'k' }));
      return (await Promise.all(posts)).map(({ status, body }) => `${status} ${body.id}`);
    };
    const [first, delivering] = await Promise.all([producer(), consumer()]);
    const answers = await fiftyTimes(first.url);
    expect(new Set(answers).size).toBe(1);
    const sent = () => request<{ messages: unknown[] }>(`${first.url}/v1/messages?status=sent`);
    await eventually(async () => (await sent()).body.messages.length === 1, 'Telegram’s answer is on record');
    await Promise.all([first.kill('SIGKILL'), delivering.kill('SIGKILL')]);
    await node.restart();

    const [second] = await Promise.all([producer(), consumer()]);
    expect(new Set([...answers, ...(await fiftyTimes(second.url))]).size).toBe(1);
    const other = await post(second.url, { ...message, text: 'other' }, { 'idempotency-key': 'k' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    await postAccepted(second.url, { chat_id: 42, text: 'after' });
    await sandbox.waitFor(2);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual(['once', 'after']);
  }, 120_000);
});
