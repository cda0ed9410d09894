import { allArrive, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

/** The settings' own defaults: what Telegram documents. */
const documented = {
  TELEGRAM_RATE_GLOBAL: undefined,
  TELEGRAM_RATE_PRIVATE: undefined,
  TELEGRAM_RATE_GROUP: undefined,
};

/** The sandbox shares its machine with the apps: it may read a call up to 20 ms after it has arrived. */
const asStrict = { bot: '30/0.98s', private: '1/0.98s', group: '20/59.98s' };

describe('Under the limits that Telegram documents', () => {
  it('60 messages to 60 chats and 25 to one group meet no 429, as fast as the limits allow', async () => {
    const { sandbox, producer, consumer } = await aSystem({ sandbox: { limits: asStrict }, environment: documented });
    const [{ url }] = await Promise.all([producer(), consumer()]);
    const group = -1001;
    const toChats = numbered(60, 60);
    const toGroup = Array.from({ length: 25 }, (_, at) => ({ chat_id: group, text: `${at + 61}` }));
    await each([...toGroup, ...toChats], 1, (message) => postAccepted(url, message));

    const all = [...toGroup, ...toChats].map(({ text }) => text);
    const { doubled, disordered } = await allArrive(sandbox, all, 90_000);

    expect(sandbox.calls.count()).toMatchObject({ too_many_requests: 0, refused: 0, total: 85 });
    expect(doubled).toEqual([]);
    expect(disordered).toEqual([]);
    const span = (calls: { at: number }[]) => (calls.at(-1)?.at ?? NaN) - (calls[0]?.at ?? NaN);
    // 20 in any minute let the last five of 25 go in the second minute.
    expect(span(sandbox.accepted({ chat_id: group }))).toBeLessThan(70_000);
    // 80 calls at 30 a second take 3 s; the group's parked ones do not hold them up.
    expect(span(sandbox.accepted().slice(0, 80))).toBeLessThan(10_000);
  }, 120_000);
});
