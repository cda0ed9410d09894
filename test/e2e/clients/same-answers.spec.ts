import type { Sandbox } from '../../../apps/sandbox/src/sandbox';
import { aSandbox, botToken } from '../../support';
import { aSystem } from '../system';
import { arrived, clients, comparable, run, someFiles, type Client } from './clients';

describe('A client of the Bot API, unmodified', () => {
  let telegram: Sandbox;
  let behindTheDoor: Sandbox;
  let door: string;

  beforeAll(async () => {
    telegram = await aSandbox();
    const { sandbox, producer, consumer } = await aSystem();
    behindTheDoor = sandbox;
    [{ url: door }] = await Promise.all([producer(), consumer()]);
  }, 120_000);

  /** Chats of a client's own, so that nothing is left in them of the client before. */
  const runIn = async (client: Client, folder: string, sandbox: Sandbox, apiRoot: string) => {
    const [chat, nobody, blocked] = [1, 2, 3].map((which) => which * 1000 + clients.indexOf(client));
    sandbox.chat(nobody ?? 0, 'not_found');
    sandbox.chat(blocked ?? 0, 'blocked');
    const since = sandbox.journal().length;
    const told = await run(client, apiRoot, botToken, folder, `${chat}`, `${nobody}`, `${blocked}`);
    return { told: comparable(told), arrived: arrived(sandbox, since) };
  };

  for (const client of clients) {
    const { name, missing } = client;
    const test = missing ? it.skip : it;
    const why = missing ? ` (skipped: needs the package ${missing})` : '';

    test(`${name} is answered by the door as by Telegram, and Telegram gets the same calls${why}`, async () => {
      const folder = someFiles(); // Of each client's own: what another has uploaded would go by its file_id.
      const direct = await runIn(client, folder, telegram, telegram.url);
      const throughTheDoor = await runIn(client, folder, behindTheDoor, door);

      expect(throughTheDoor.told).toEqual(direct.told);
      expect(throughTheDoor.arrived).toEqual(direct.arrived);
      expect(direct.told).toEqual([
        ...['getMe', 'text', 'photo', 'album', 'edit'].map((step) => ({ step, result: expect.anything() })),
        { step: 'edit to what it says already', error: says('essage is not modified') },
        { step: 'delete', result: true },
        { step: 'to a chat that is none', error: says('hat not found') },
        { step: 'to one who blocked the bot', error: says('bot was blocked by the user') },
        { step: 'with bad markup', error: says("an't parse entities") },
        { step: 'without a text', error: says('essage text is empty') },
      ]);
    });
  }
});

const says = (words: string): unknown => expect.objectContaining({ message: expect.stringContaining(words) });
