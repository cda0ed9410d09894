import { setTimeout as pause } from 'node:timers/promises';
import { Ours } from './ours';
import { StrictTelegram, type Message } from './telegram';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const other = (n: number): Message => ({ chat_id: 1_000 + n, text: `other ${n}` });
const hot = (n: number): Message => ({ chat_id: -1, text: `hot ${n}` });

/** 200 chats with one message each, alone and amid 5,000 messages for one group: when does each of the 200 arrive? */
export async function mixed(): Promise<boolean> {
  const alone = await arrivals('alone', numbers(200).map(other));
  const amid = numbers(5_000).flatMap((n) => (n % 25 ? [hot(n)] : [hot(n), other(n / 25)]));
  const among = await arrivals('amid', amid);
  const later = Math.max(...among.map((at, n) => at - alone[n]!));
  const [last, lastAmong] = [alone.at(-1)!, among.at(-1)!];
  const met = lastAmong - last <= 1_000;
  console.log('\n200 messages to 200 chats, alone and amid 5,000 to one group');
  console.log(`  the last arrived after ${(last / 1000).toFixed(2)} s alone, ${(lastAmong / 1000).toFixed(2)} s amid; goal: 1 s later at most: ${met ? 'met' : 'MISSED'}`); // prettier-ignore
  // 30 at once and 30 more with each second: who is pushed out of one second by a single message waits for the next.
  console.log(`  the n-th arrived ${later.toFixed(0)} ms later at most`);
  return met;
}

/** When each of the 200 arrived, in their order of arrival, in milliseconds since all were queued. */
async function arrivals(name: string, messages: Message[]): Promise<number[]> {
  const telegram = await StrictTelegram.start();
  const product = await Ours.start(name, telegram.url);
  const start = Date.now();
  await product.queue(messages);
  const ofOthers = async () => (await telegram.calls()).filter(({ params }) => params.text.startsWith('other'));
  for (; (await ofOthers()).length < 200; await pause(200));
  const times = (await ofOthers()).map(({ at }) => at - start);
  await product.stop();
  await telegram.stop();
  return times;
}

/** 200,000 messages wait for 51 groups: what the consumer's memory comes to while it puts them into their rooms. */
export async function memory(): Promise<boolean> {
  const telegram = await StrictTelegram.start();
  const product = await Ours.start('memory', telegram.url);
  const idle = product.memory;
  const messages = function* (): Generator<Message> {
    for (const n of numbers(200_000)) yield { chat_id: n % 4 ? -1 : -2 - ((n / 4) % 50), text: `backlog ${n}` };
  };
  let highest = idle;
  const watching = setInterval(() => (highest = Math.max(highest, product.memory)), 100);
  const start = performance.now();
  await product.queue(messages());
  while ((await product.left()) > 0) await pause(500);
  const seconds = (performance.now() - start) / 1000;
  await pause(10_000);
  clearInterval(watching);
  const met = highest < 200;
  console.log('\n200,000 messages for 51 groups that take 20 a minute');
  console.log(
    `  consumer's resident memory: ${idle.toFixed(0)} MB idle, at most ${highest.toFixed(0)} MB; goal: below 200: ${met ? 'met' : 'MISSED'}`,
  );
  console.log(`  queued and in their rooms after ${seconds.toFixed(1)} s`);
  await product.stop();
  await telegram.stop();
  return met;
}

/** 50,000 bulk messages to as many chats are queued; then come high ones, one after the other. */
export async function urgent(): Promise<boolean> {
  const telegram = await StrictTelegram.start();
  const product = await Ours.start('urgent', telegram.url);
  await product.queue(numbers(50_000).map((n) => ({ chat_id: 10_000 + n, text: `bulk ${n}`, priority: 'bulk' })));
  const delays: number[] = [];
  for (const n of numbers(20)) {
    const text = `high ${n}`;
    const queued = Date.now();
    await product.queue([{ chat_id: 1 + n, text, priority: 'high' }]);
    const arrived = async () => (await telegram.calls()).find(({ params }) => params.text === text);
    let call = await arrived();
    for (; !call; call = await arrived()) await pause(50);
    delays.push(call.at - queued);
    await pause(170);
  }
  const longest = Math.max(...delays);
  console.log('\n50,000 bulk messages queued, then 20 high ones to other chats, one after the other');
  console.log(
    `  longest from its queue to Telegram: ${longest} ms; goal: 1000 ms: ${longest <= 1_000 ? 'met' : 'MISSED'}`,
  );
  await product.stop();
  await telegram.stop();
  return longest <= 1_000;
}
