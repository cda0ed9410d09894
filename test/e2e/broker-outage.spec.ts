import { setTimeout as pause } from 'node:timers/promises';
import { post, startNode } from '../support';
import { allArrive, numbered } from './arrivals';
import { aSystem, each } from './system';

describe('A broker that is killed in the middle of 300 posts', () => {
  it('costs no message that was accepted, and delivers none that the caller was told is not in', async () => {
    const node = await startNode();
    const { sandbox, producer, consumer } = await aSystem({ brokerUrl: node.url });
    const [{ url }] = await Promise.all([producer(), consumer()]);
    const answered = new Map<string, string>();
    let outage: Promise<void> | undefined;
    await each(numbered(300, 30), 10, async (message) => {
      const { status, headers, body } = await post(url, message);
      answered.set(message.text, status === 202 ? 'accepted' : String(body.code));
      if (answered.size === 100) outage = node.kill().then(() => node.restart());
      // As a caller does, who goes on to the next message then.
      if (status === 503) await pause(Number(headers.get('retry-after')) * 1000);
    });
    await outage;
    const textsOf = (answer: string) => [...answered].filter(([, given]) => given === answer).map(([text]) => text);

    const { texts, doubled } = await allArrive(sandbox, textsOf('accepted'), 60_000);

    const unconfirmed = textsOf('unconfirmed');
    const late = unconfirmed.filter((text) => texts.has(text));
    console.info(
      `outage: ${textsOf('accepted').length} accepted, ${textsOf('broker_unavailable').length} refused, ` +
        `${unconfirmed.length} unconfirmed of which ${late.length} arrived, ${doubled.length} doubled`,
    );
    expect(new Set(answered.values())).toContain('broker_unavailable'); // Or the outage came too late.
    expect([...texts].filter((text) => !['accepted', 'unconfirmed'].includes(answered.get(text) ?? ''))).toEqual([]);
    // A consumer that lives on remembers what it has sent, so not even redelivery doubles anything.
    expect(doubled).toEqual([]);
  }, 120_000);
});
