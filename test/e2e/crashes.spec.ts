import { post, type SpawnedApp } from '../support';
import { allArrive, arrivals, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

/** How long the sandbox takes for an answer, in milliseconds; it differs, so that kills hit calls at every stage. */
const answersAfter = (chat: number): number => 20 + (chat % 7) * 5;
const chats = 100;

/** About 50 calls a second without bursts, so that a kill finds the consumer at any point of its work. */
const evenly = { TELEGRAM_RATE_GLOBAL: '4/50ms' };

/** Time of a consumer to read an answer and to put it on record, on a busy machine, in milliseconds. */
const settleMs = 25;

describe('A consumer that is killed 20 times', () => {
  it('loses nothing, doubles at most what was in flight at a kill, and keeps the order of each chat', async () => {
    const { sandbox, producer, consumer } = await aSystem({ environment: evenly });
    const messages = numbered(500, chats);
    for (const { chat_id } of messages.slice(0, chats)) {
      sandbox.fault({ match: { chat_id }, times: null, fault: { kind: 'slow', ms: answersAfter(chat_id) } });
    }
    const { url } = await producer();
    await each(messages, 20, (message) => postAccepted(url, message));

    const inFlight: string[] = [];
    for (let kill = 1; kill <= 20; kill++) {
      const victim = await consumer({}, 'listening');
      const before = sandbox.accepted().length;
      await sandbox.waitFor(before + Math.ceil(Math.random() * 30), 15_000);
      const killedAt = Date.now();
      await victim.kill('SIGKILL');
      const unsettled = sandbox
        .accepted()
        .filter(({ at, chat_id }) => at + answersAfter(chat_id as number) + settleMs > killedAt);
      inFlight.push(...unsettled.map(({ params }) => String(params.text)));
    }
    expect(arrivals(sandbox).texts.size).toBeLessThan(messages.length); // Or the last kills hit nothing.
    await consumer();
    const { texts, doubled, disordered } = await allArrive(
      sandbox,
      messages.map(({ text }) => text),
      60_000,
    );

    console.info(
      `20 kills: ${texts.size} of ${messages.length} arrived, ${inFlight.length} were in flight, ${doubled.length} doubled`,
    );
    expect(doubled.length).toBeLessThanOrEqual(inFlight.length);
    expect(doubled.filter((text) => !inFlight.includes(text))).toEqual([]);
    expect(disordered).toEqual([]);
  }, 180_000);
});

describe('A producer that is killed 5 times', () => {
  it('has every message that it answered with 202 delivered once, and no other twice', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [first] = await Promise.all([producer(), consumer()]);
    const HTTP_PORT = new URL(first.url).port;
    const accepted: string[] = [];
    let answers = 0;
    let app: Promise<SpawnedApp> = Promise.resolve(first);
    const send = async (message: { text: string }) => {
      const { url } = await app;
      const answer = await post(url, message).catch(() => undefined); // Killed under way: it may be in or not.
      if (answer?.status === 202) accepted.push(message.text);
      answers += 1;
      if (answers % 80 === 0) {
        const victim = await app;
        app = victim.kill('SIGKILL').then(() => producer({ HTTP_PORT }));
      }
    };
    const messages = numbered(500, chats);
    await each(messages, 20, send);
    await (await app).kill('SIGTERM');

    const { texts, doubled } = await allArrive(sandbox, accepted, 60_000);
    const unknown = messages.length - accepted.length;

    console.info(`5 kills: ${accepted.length} accepted, ${unknown} without an answer, ${texts.size} arrived`);
    expect(unknown).toBeGreaterThan(0); // Or no kill hit a request.
    expect(doubled).toEqual([]);
  }, 120_000);
});
