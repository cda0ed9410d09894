import { connect } from 'node:net';
import { once } from 'node:events';
import { Journal } from './journal';
import { probe } from './probe.fixture';
import { startSandbox } from './server';
import { readSandboxSettings } from './sandbox.settings';

const entry = (chat: number) => ({
  at: chat,
  bot: '1',
  method: 'sendMessage',
  params: {},
  files: [],
  chat_id: chat,
  verdict: 'accepted' as const,
  message_ids: [],
});

describe('sandbox', () => {
  it('waits for calls, and says what came when they do not', async () => {
    const sandbox = await startSandbox({ limits: 'off' });
    const two = sandbox.waitFor(2);
    await probe(sandbox, 'sendMessage', { chat_id: 5, text: 'one' });
    await probe(sandbox, 'sendMessage', { chat_id: 5, text: 'two' });
    expect((await two).map(({ params }) => params.text)).toEqual(['one', 'two']);
    await expect(sandbox.waitFor(3, 20)).rejects.toThrow(
      /20 ms in vain; calls so far: {"total":2.*}, none of them meanwhile/,
    );
    const four = expect(sandbox.waitFor(4, 300)).rejects.toThrow(/{"total":3.*}, the last \d+ ms ago/);
    await probe(sandbox, 'sendMessage', { chat_id: 5, text: 'three' });
    await four;
    await expect(sandbox.waitFor(() => false, 20)).rejects.toThrow('in vain');
    await sandbox.stop();
  });

  it('tells listeners of each call until they leave', async () => {
    const sandbox = await startSandbox({ limits: 'off' });
    const heard: number[] = [];
    const leave = sandbox.onCall(({ seq }) => heard.push(seq));
    await probe(sandbox, 'getMe', {});
    leave();
    await probe(sandbox, 'getMe', {});
    expect(heard).toEqual([1]);
    await sandbox.stop();
  });

  it('stops at once though calls hang, pages listen and clients idle', async () => {
    const sandbox = await startSandbox();
    sandbox.fault({ times: null, fault: { kind: 'hang' } });
    const { port } = new URL(sandbox.url);
    const idle = connect(Number(port), '127.0.0.1');
    await once(idle, 'connect');
    const hanging = probe(sandbox, 'getMe', {}).catch(() => 'gone');
    const listening = await fetch(`${sandbox.url}/sandbox/events`);
    await sandbox.waitFor((journal) => journal.length === 1);
    const closed = once(idle, 'close');
    idle.resume();
    await sandbox.stop();
    await closed;
    expect(await hanging).toBe('gone');
    await expect(listening.text()).rejects.toThrow();
  });

  it('does not start where the port is taken', async () => {
    const first = await startSandbox();
    await expect(startSandbox({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.stop();
  });

  it('holds a bounded number of calls and of bytes, but goes on counting', () => {
    const journal = new Journal(3, 1000);
    for (let chat = 1; chat <= 5; chat += 1) journal.add(entry(chat), 10);
    expect(journal.query().map(({ seq }) => seq)).toEqual([3, 4, 5]);
    journal.add(entry(6), 990);
    expect(journal.query().map(({ seq }) => seq)).toEqual([5, 6]);
    expect(journal.count()).toMatchObject({ total: 6, accepted: 6 });
    expect(journal.query({ since: 5, chat_id: '6' })).toMatchObject([{ seq: 6 }]);
  });

  it('reads its variables, naming all that are wrong and the value of none', () => {
    expect(readSandboxSettings({})).toEqual({ host: '127.0.0.1', port: 8081, limits: 'on' });
    expect(readSandboxSettings({ SANDBOX_PORT: '0', SANDBOX_LIMITS: 'off', SANDBOX_TOKENS: '1:a, 2:b' })).toEqual({
      host: '127.0.0.1',
      port: 0,
      limits: 'off',
      tokens: ['1:a', '2:b'],
    });
    const wrong = () =>
      readSandboxSettings({ SANDBOX_PORT: '99999', SANDBOX_LIMITS: 'maybe', SANDBOX_TOKENS: 'secret' });
    expect(wrong).toThrow(/SANDBOX_PORT.*SANDBOX_LIMITS.*SANDBOX_TOKENS/);
    expect(wrong).not.toThrow(/99999|maybe|secret/);
  });
});
