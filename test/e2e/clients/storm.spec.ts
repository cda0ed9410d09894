import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from '../../../apps/sandbox/src/sandbox';
import { aSandbox, botToken } from '../../support';
import { allArrive, arrivals, numbered } from '../arrivals';
import { aSystem, postAccepted } from '../system';

/** One message a chat, so that no trouble of one delays another. */
const messages = numbered(24, 24);
const texts = messages.map(({ text }) => text);

/** What Telegram does under load: it refuses for a while, holds a call that it carries out, and drops connections. */
function storm(sandbox: Sandbox): void {
  for (const [at, { chat_id }] of messages.entries()) {
    const match = { chat_id };
    if (at % 3 === 0) sandbox.fault({ match, times: 4, fault: { kind: 'code', error_code: 429, retry_after: 1 } });
    if (at % 3 === 1) sandbox.fault({ match, fault: { kind: 'slow', ms: 3000 } });
    if (at % 3 === 2) sandbox.fault({ match, times: 2, fault: { kind: 'reset' } });
  }
}

/** Has the client send all of them. @returns How many of its calls it takes for failed. */
async function send(program: string, apiRoot: string): Promise<number> {
  const args = [join(__dirname, program), apiRoot, botToken, JSON.stringify(messages)];
  return Number((await promisify(execFile)(process.execPath, args, { timeout: 60_000 })).stdout);
}

describe('In a storm of 429, held calls and resets', () => {
  it.each([
    ['node-telegram-bot-api', 'storm-node-telegram-bot-api.js'],
    ['grammY with auto-retry', 'storm-grammy.js'],
  ])(
    '%s loses and doubles messages by itself, and none through the door',
    async (name, program) => {
      const telegram = await aSandbox();
      const { sandbox: behindTheDoor, producer, consumer } = await aSystem();
      const [{ url }] = await Promise.all([producer(), consumer()]);
      storm(telegram);
      storm(behindTheDoor);

      const [failed, failedAtTheDoor] = await Promise.all([send(program, telegram.url), send(program, url)]);
      const alone = arrivals(telegram);
      await allArrive(behindTheDoor, texts, 60_000);
      // What a chat is sent comes in order: with its last message there, nothing of before is still under way.
      const last = messages.map(({ chat_id }) => ({ chat_id, text: `last of ${chat_id}` }));
      await Promise.all(last.map((message) => postAccepted(url, message)));
      const lastTexts = last.map(({ text }) => text);
      const throughTheDoor = await allArrive(behindTheDoor, lastTexts, 60_000);

      const lost = texts.filter((text) => !alone.texts.has(text));
      const lostAtTheDoor = texts.filter((text) => !throughTheDoor.texts.has(text));
      console.info(
        `${name}: ${texts.length} messages; by itself ${lost.length} lost, ${alone.doubled.length} doubled, ` +
          `${failed} told as failed; through the door ${lostAtTheDoor.length} lost, ${throughTheDoor.doubled.length} doubled, ` +
          `${failedAtTheDoor} told as failed`,
      );
      expect(lost.length).toBeGreaterThan(0);
      expect(alone.doubled.length).toBeGreaterThan(0);
      expect([...throughTheDoor.texts].sort()).toEqual([...texts, ...lastTexts].sort());
      expect(throughTheDoor.doubled).toEqual([]);
    },
    120_000,
  );
});
