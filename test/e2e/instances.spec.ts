import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FaultSpec } from '../../apps/sandbox/src/sandbox';
import { eventually, type SpawnedApp } from '../support';
import { allArrive, arrivals, numbered } from './arrivals';
import { aSystem, each, postAccepted } from './system';

/** Limits in miniature, so that they are reached at every moment of a short test. */
const limits = { bot: { most: 40, ms: 1_000 }, chat: { most: 3, ms: 1_000 } };
const rates = { TELEGRAM_RATE_GLOBAL: '40/1s', TELEGRAM_RATE_PRIVATE: '3/1s' };
/** How late this process, which holds the sandbox, has come to what it had to do. */
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
/** The sandbox shares its machine with the apps: it may read a call so much later than it has arrived, in milliseconds. */
const readLate = () => Math.min(250, Math.max(30, loop.max / 1e6));

/** What a storm is made of; the last two take effect though their answer never comes. */
const storm: FaultSpec['fault'][] = [
  { kind: 'code', error_code: 429, retry_after: 1 },
  { kind: 'code', error_code: 500, description: 'Internal Server Error: restart' },
  { kind: 'reset', processed: false },
  { kind: 'reset', processed: true },
  { kind: 'cut' },
];

/** The most calls that any window of that length saw. */
function most(times: number[], ms: number): number {
  const late = readLate();
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms - late).length));
}

const active = async ({ url }: SpawnedApp, bot: string) =>
  (await (await fetch(`${url}/metrics`)).text()).includes(`telegramq_active{bot="${bot}",app="consumer"} 1`) ||
  (await (await fetch(`${url}/metrics`)).text()).includes(`telegramq_active{bot="${bot}"} 1`);

describe.each([1, 2, 4])('With %d consumers', (count) => {
  it('a storm of 429s, faults, resets and cut answers breaks no order and no limit, loses nothing, doubles what had no answer', async () => {
    const { sandbox, producer, consumer } = await aSystem({ environment: rates });
    const messages = numbered(240, 12);
    const unanswered = new Set<string>();
    for (const [at, fault] of Array.from({ length: 30 }, (_, n) => [n * 7 + 3, storm[n % storm.length]!] as const)) {
      const { text, chat_id } = messages[at]!;
      sandbox.fault({ match: { text: `<${text}>`, chat_id }, fault });
      if (fault.kind === 'cut' || (fault.kind === 'reset' && fault.processed)) unanswered.add(text);
    }
    const [{ url }] = await Promise.all([producer(), ...Array.from({ length: count }, () => consumer())]);
    const named = messages.map((message) => ({ ...message, text: `<${message.text}>` }));
    await each(named, 1, (message) => postAccepted(url, message));

    await allArrive(sandbox, named.map(({ text }) => text), 90_000); // prettier-ignore
    const numberOf = (text: unknown) => Number(/\d+/.exec(String(text))?.[0]);
    const calls = sandbox.journal({ method: 'sendMessage' });
    const seen = new Map<number, number>();
    const highest = new Map<unknown, number>();
    for (const { verdict, chat_id, params } of calls) {
      if (verdict !== 'accepted' && verdict !== 'lost') continue;
      const number = numberOf(params.text);
      seen.set(number, (seen.get(number) ?? 0) + 1);
      if (seen.get(number) === 1) expect(number).toBeGreaterThan(highest.get(chat_id) ?? 0);
      highest.set(chat_id, Math.max(number, highest.get(chat_id) ?? 0));
    }
    const doubled = [...seen].filter(([, times]) => times > 1).map(([number]) => String(number));
    expect(doubled.filter((text) => !unanswered.has(text))).toEqual([]);
    expect(most(calls.map(({ at }) => at), limits.bot.ms)).toBeLessThanOrEqual(limits.bot.most); // prettier-ignore
    for (const chat of new Set(calls.map(({ chat_id }) => chat_id))) {
      const times = calls.filter(({ chat_id }) => chat_id === chat).map(({ at }) => at);
      expect(most(times, limits.chat.ms)).toBeLessThanOrEqual(limits.chat.most);
    }
  }, 120_000);
});

describe('Several consumers', () => {
  it('restarted one after the other lose nothing, double nothing, and keep order and limits', async () => {
    const { sandbox, producer, consumer } = await aSystem({ environment: rates });
    const messages = numbered(300, 20);
    const [{ url }, ...pair] = await Promise.all([producer(), consumer(), consumer()]);
    let [one, other] = pair;
    await each(messages, 10, (message) => postAccepted(url, message));
    for (const sent of [60, 120, 180]) {
      await sandbox.waitFor(sent, 30_000);
      await Promise.all([one.kill('SIGTERM'), one.exited]);
      [one, other] = [other, await consumer()];
    }
    const { texts, doubled, disordered } = await allArrive(sandbox, messages.map(({ text }) => text), 60_000); // prettier-ignore
    expect([texts.size, doubled, disordered]).toEqual([300, [], []]);
    const times = sandbox.journal().map(({ at }) => at);
    expect(most(times, limits.bot.ms)).toBeLessThanOrEqual(limits.bot.most);
  }, 120_000);

  it('take over within 10 s when the active one is killed, and the limits hold across it', async () => {
    const group = { TELEGRAM_RATE_GROUP: '8/20s' };
    const { sandbox, producer, consumer } = await aSystem({ environment: { ...rates, ...group } });
    const messages = Array.from({ length: 16 }, (_, at) => ({ chat_id: -1001, text: `${at + 1}` }));
    const [{ url }, first] = await Promise.all([producer(), consumer()]);
    const second = await consumer();
    await each(messages, 1, (message) => postAccepted(url, message));
    await sandbox.waitFor(8, 20_000);
    await first.kill('SIGKILL');
    const killedAt = Date.now();
    await eventually(() => active(second, 'default'), 'the other delivers', 10_000);
    await postAccepted(url, { chat_id: 1, text: '17' });
    await sandbox.waitFor((calls) => calls.some(({ params }) => params.text === '17'), 10_000);
    expect(sandbox.journal({ chat_id: 1 })[0]!.at - killedAt).toBeLessThan(10_000);
    await sandbox.waitFor(17, 40_000);
    const times = sandbox.journal({ chat_id: -1001 }).map(({ at }) => at);
    expect(most(times, 20_000)).toBeLessThanOrEqual(8);
    expect(arrivals(sandbox).disordered).toEqual([]);
  }, 120_000);

  it('share several bots among them', async () => {
    const tokens = { TELEGRAM_BOT_TOKEN_A: '11:a', TELEGRAM_BOT_TOKEN_B: '12:b', TELEGRAM_BOT_TOKEN_C: '13:c' };
    const { sandbox, at, producer, consumer } = await aSystem({ environment: { ...rates, ...tokens } });
    const bots = ['default', 'a', 'b', 'c'];
    at.ownBots(bots);
    const apps = await Promise.all([consumer(), consumer()]);
    const held = async (app: SpawnedApp) =>
      (await Promise.all(bots.map((bot) => active(app, bot)))).filter((isActive) => isActive).length;
    // One that was there first takes all, and gives one up every 20 s.
    await eventually(async () => (await held(apps[0])) === 2 && (await held(apps[1])) === 2, 'two bots each', 90_000);
    const { url } = await producer();
    for (const bot of bots) await postAccepted(url, { chat_id: 1, text: bot, delivery: { bot } });
    await sandbox.waitFor(4, 10_000);
    expect(sandbox.accepted().map(({ params }) => params.text).toSorted()).toEqual([...bots].toSorted()); // prettier-ignore
  }, 120_000);
});
