import { reasons } from '@app/contracts';
import type { FaultSpec } from '../../apps/sandbox/src/sandbox';
import { aSandbox, eventually } from '../support';
import { allArrive, arrivals, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

/** What the consumer waits for an answer before it calls it uncertain, in seconds. */
const answerTimeout = 60;

describe('While Telegram has faults', () => {
  it('messages wait for a Telegram that cannot be reached at the start, and arrive once it can', async () => {
    const { sandbox: away, producer, consumer } = await aSystem();
    await away.stop();
    const [{ url }, app] = await Promise.all([producer(), consumer()]);
    await each(numbered(3, 1), 1, (message) => postAccepted(url, message));
    await eventually(() => app.log().includes('network_unreachable'), 'the consumer has met the closed door');

    const sandbox = await aSandbox({ port: Number(new URL(away.url).port) });
    const { texts, doubled } = await allArrive(sandbox, ['1', '2', '3'], 30_000);

    expect([...texts]).toEqual(['1', '2', '3']);
    expect(doubled).toEqual([]);
  });

  it('a chat that was told to wait 3 s waits in full, and delays no other', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }] = await Promise.all([producer(), consumer()]);
    const [blocked, other] = [1001, 1002];
    sandbox.fault({ match: { chat_id: blocked }, fault: { kind: 'code', error_code: 429, retry_after: 3 } });
    await postAccepted(url, { chat_id: blocked, text: '1' });
    await postAccepted(url, { chat_id: blocked, text: '2' });
    await postAccepted(url, { chat_id: other, text: '3' });

    await allArrive(sandbox, ['1', '2', '3'], 15_000);

    const [refused] = sandbox.journal({ chat_id: blocked, verdict: 'refused' });
    const [first, second] = sandbox.accepted({ chat_id: blocked });
    const [elsewhere] = sandbox.accepted({ chat_id: other });
    const after = (call = refused) => (call?.at ?? NaN) - (refused?.at ?? NaN);
    expect(after(first)).toBeGreaterThanOrEqual(3000);
    expect(after(first)).toBeLessThan(4000);
    expect([first?.params.text, second?.params.text]).toEqual(['1', '2']);
    expect(after(elsewhere)).toBeLessThan(1000);
  });

  it('each of 200 messages ends delivered, or dead with a reason', async () => {
    const { at, sandbox, producer, consumer } = await aSystem();
    const [{ url }] = await Promise.all([producer(), consumer()]);
    const fault = (chat_id: number, spec: FaultSpec['fault'], times = 1) =>
      sandbox.fault({ match: { chat_id }, times, fault: spec });
    // One kind of trouble a chat, which its first message meets; the second must not overtake it.
    const chats = 100;
    const messages = numbered(200, chats);
    const chat = (at: number) => 1001 + at;
    for (let i = 0; i < 80; i += 8) {
      fault(chat(i), { kind: 'reset' });
      fault(chat(i + 1), { kind: 'cut' });
      fault(chat(i + 2), { kind: 'html' });
      fault(chat(i + 3), { kind: 'empty' });
      fault(chat(i + 4), { kind: 'code', error_code: 500 }, 2);
      fault(chat(i + 5), { kind: 'code', error_code: 429, retry_after: 1 });
      fault(chat(i + 6), { kind: 'html', status: 200, body: '<html>Please log in</html>' });
      sandbox.chat(chat(i + 7), i % 16 ? 'blocked' : 'not_found');
    }
    fault(chat(80), { kind: 'hang' });
    fault(chat(81), { kind: 'hang', processed: true });

    await each(messages, 10, (message) => {
      const delivery = message.chat_id === chat(81) ? { on_uncertain: 'drop' } : {};
      return postAccepted(url, { ...message, delivery: { ...delivery, ref: message.text } });
    });

    const isRefused = (chat_id: number) => chat_id < chat(80) && (chat_id - chat(7)) % 8 === 0;
    const deliverable = messages.filter(({ chat_id }) => !isRefused(chat_id));
    await allArrive(
      sandbox,
      deliverable.map(({ text }) => text),
      (answerTimeout + 30) * 1000,
    );
    const dead = messages.length - deliverable.length + 1;
    await eventually(async () => (await at.count(at.names.dead)) >= dead, `${dead} dead letters`);

    const letters = (await at.takeAll(at.names.dead)).map(({ content, properties }) => ({
      text: (JSON.parse(content.toString()) as { data: { ref: string } }).data.ref,
      reason: String(properties.headers?.['x-reason']),
    }));
    expect(letters.filter(({ reason }) => !(reason in reasons))).toEqual([]);
    expect(letters.filter(({ reason }) => reason === 'no_answer').map(({ text }) => text)).toEqual(['82']);
    expect(letters.filter(({ reason }) => reason === 'chat_not_found').length).toBe(10);
    expect(letters.filter(({ reason }) => reason === 'bot_blocked').length).toBe(10);
    const { doubled, disordered } = arrivals(sandbox);
    // Only an answer that was cut off half way hides from us that the message is in.
    const wasCut = (text: string) => (Number(text) - 2) % 8 === 0 && Number(text) <= 80;
    expect(doubled.filter((text) => !wasCut(text))).toEqual([]);
    expect(disordered).toEqual([]);
  }, 150_000);
});
