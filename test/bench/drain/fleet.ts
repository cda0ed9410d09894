import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ours } from './ours';
import { most, StrictTelegram, type Message, type Seen } from './telegram';

const chats = 1_000;
const groups = 50;
const count = 3_000;
/** No contender may take longer, in milliseconds. */
const patienceMs = 400_000;

/** 2 messages to each of 1,000 private chats and 20 to each of 50 groups, mixed evenly; numbers grow within a chat. */
function job(): Message[] {
  const toGroups = Array.from({ length: groups * 20 }, (_, n) => -1_000 - (n % groups));
  const toChats = Array.from({ length: chats * 2 }, (_, n) => 1_000 + (n % chats));
  const mixed = toChats.flatMap((chat, n) => (n % 2 ? [chat] : [chat, toGroups[n / 2]!]));
  return mixed.map((chat_id, n) => ({ chat_id, text: `${n}` }));
}

/** 30 at once and 30 more with each second: no schedule within the limits is faster, as each chat's own leave room. */
const bestSeconds = Math.floor((count - 1) / 30);

interface Row {
  who: string;
  seconds: number;
  refused: number;
  lost: number;
  disordered: number;
  broken: string;
}

function rowOf(who: string, calls: readonly Seen[], seconds: number): Row {
  const taken = calls.filter(({ verdict }) => verdict === 'accepted');
  const highest = new Map<number, number>();
  let disordered = 0;
  for (const { chat_id, params } of taken) {
    if (Number(params.text) < (highest.get(chat_id) ?? -1)) disordered++;
    highest.set(chat_id, Math.max(Number(params.text), highest.get(chat_id) ?? -1));
  }
  const ofChat = new Map<number, Seen[]>();
  for (const call of calls) ofChat.set(call.chat_id, [...(ofChat.get(call.chat_id) ?? []), call]);
  const overChats = [...ofChat].filter(
    ([chat, seen]) => most(timesOf(seen), chat < 0 ? 60_000 : 1_000) > (chat < 0 ? 20 : 1),
  );
  const inSecond = most(timesOf(calls), 1_000);
  return {
    ...{ who, seconds, disordered },
    refused: calls.length - taken.length,
    lost: count - new Set(taken.map(({ params }) => params.text)).size,
    broken: `${inSecond} in 1 s, ${overChats.length} chats`,
  };
}

const timesOf = (calls: readonly Seen[]): number[] => calls.map(({ at }) => at);

/** Everybody at the same time, each with a Telegram of their own: the work is waiting, not computing. */
export async function fleet(): Promise<boolean> {
  const messages = job();
  const file = join(tmpdir(), `telegramq-fleet-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(messages));
  const rows = await Promise.all([ours(messages), rival('grammy', file), rival('telegraf', file)]);
  rmSync(file);
  const share = bestSeconds / rows[0].seconds;
  console.log(
    `\n${count} messages to ${chats} private chats and ${groups} groups, strict limits; best possible: ${bestSeconds} s`,
  );
  console.log(
    `  ${'who'.padEnd(32)}seconds   of best     429s     lost  out of order  most calls (30), chats over their limit`,
  );
  for (const { who, seconds, refused, lost, disordered, broken } of rows) {
    const cells = [seconds.toFixed(1), `${((100 * bestSeconds) / seconds).toFixed(1)} %`, refused, lost];
    console.log(
      `  ${who.padEnd(29)}${cells.map((cell) => `${cell}`.padStart(10)).join('')}${`${disordered}`.padStart(12)}   ${broken}`,
    );
  }
  const met = share >= 0.97 && rows[0].refused + rows[0].lost + rows[0].disordered === 0;
  console.log(
    `  goal: ours at least 97 % of the best, no 429, none lost, none out of order: ${met ? 'met' : 'MISSED'}`,
  );
  return met;
}

async function ours(messages: Message[]): Promise<Row> {
  const telegram = await StrictTelegram.start();
  const product = await Ours.start('fleet', telegram.url);
  const start = Date.now();
  await product.queue(messages);
  await telegram.took(count, patienceMs);
  const calls = await telegram.calls();
  await product.stop();
  await telegram.stop();
  return rowOf('TelegraMQ', calls, (calls.at(-1)!.at - start) / 1000);
}

async function rival(name: 'grammy' | 'telegraf', file: string): Promise<Row> {
  const telegram = await StrictTelegram.start();
  const start = Date.now();
  const child = spawn(process.execPath, [`test/bench/rivals/${name}.js`, file, telegram.url], { stdio: 'inherit' });
  const exited = once(child, 'exit');
  await telegram.took(count, patienceMs, exited);
  child.kill('SIGKILL');
  const calls = await telegram.calls();
  await telegram.stop();
  const who = { grammy: 'grammY, throttler, auto-retry', telegraf: 'telegraf, 30 at a time, retry' }[name];
  return rowOf(who, calls, (calls.at(-1)!.at - start) / 1000);
}
