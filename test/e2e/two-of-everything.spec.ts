import { allArrive, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

describe('Two producers and two consumers', () => {
  it('deliver once and in order per chat', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [one, other] = await Promise.all([producer(), producer(), consumer(), consumer()]);
    const chats = 20;
    const messages = numbered(200, chats);
    // A caller that posts to one chat waits for each answer, and may get the other producer the next time.
    await each(messages.slice(0, chats), chats, async ({ chat_id }) => {
      for (const message of messages.filter((own) => own.chat_id === chat_id)) {
        await postAccepted(Number(message.text) % 3 ? one.url : other.url, message);
      }
    });

    const { texts, doubled, disordered } = await allArrive(
      sandbox,
      messages.map(({ text }) => text),
      15_000,
    );

    expect(texts.size).toBe(200);
    expect(doubled).toEqual([]);
    expect(disordered).toEqual([]);
  });

  it('go on within 10 s when the consumer that delivers is killed', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }, active] = await Promise.all([producer(), consumer()]);
    await postAccepted(url, { chat_id: 1001, text: '1' });
    await sandbox.waitFor(1, 15_000);
    const standby = await consumer();
    await postAccepted(url, { chat_id: 1001, text: '2' });
    await sandbox.waitFor(2, 15_000);
    expect(standby.log()).not.toContain('"attempt"');

    await active.kill('SIGKILL');
    await postAccepted(url, { chat_id: 1001, text: '3' });
    const { texts, doubled } = await allArrive(sandbox, ['3'], 10_000);

    expect([...texts]).toEqual(['1', '2', '3']);
    // The acknowledgement of the last one may have died with its sender.
    expect(doubled.filter((text) => text !== '2')).toEqual([]);
  });
});
