import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageListener } from '../../apps/consumer/src/consume/send-message.listener';
import { createConsumer } from '../../apps/consumer/src/consumer';
import { ConsumerModule } from '../../apps/consumer/src/consumer.module';
import { readConsumerSettings } from '../../apps/consumer/src/consumer.settings';
import { botToken, broker, cleanUp } from '../support';
import { readSteps, takeStep } from './page';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');

/** A copy of everything that types and tests are made of, inside the repository so that packages are found. */
function copyOfSources(): string {
  mkdirSync(join(root, '.telegramq'), { recursive: true });
  const copy = mkdtempSync(join(root, '.telegramq/extending-'));
  cleanUp(() => rmSync(copy, { recursive: true, force: true }));
  for (const name of ['apps', 'libs', 'test/support', 'scripts', 'tsconfig.json', 'jest.config.js', '.swcrc']) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !/\.spec\.ts$|__snapshots__$/.test(path),
    });
  }
  mkdirSync(join(copy, 'test/medium'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

describe('docs/extending.md', () => {
  it('leads to a new pattern that compiles and passes its own test', async () => {
    const { environment } = await broker();
    const copy = copyOfSources();
    const steps = readSteps(page);
    expect(steps.map(({ file }) => file)).toContain('test/medium/chat-title.spec.ts');

    steps.forEach((step) => takeStep(copy, step));

    const { RABBITMQ_URL } = environment;
    const tool = (...args: string[]) =>
      run(process.execPath, args, { cwd: copy, env: { ...process.env, RABBITMQ_URL } }).catch(
        (error: { stdout: string; stderr: string }) => {
          throw new Error(`${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
        },
      );
    const [, { stderr }] = await Promise.all([
      tool('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
      tool('node_modules/jest/bin/jest.js', '--selectProjects', 'medium', '--ci'),
    ]);
    expect(stderr).toMatch(/Tests: +2 passed, 2 total/);
  }, 180_000);
});

@Controller()
class SecondListener {
  @EventPattern('message.send')
  handle(): void {}
}

@Controller()
class StrangeListener {
  @EventPattern('chat.rename')
  handle(): void {}
}

describe('A consumer does not start and says what to do', () => {
  it.each([
    [
      'when a pattern has no handler',
      [],
      "message.send has no handler: add a method with @EventPattern('message.send')",
    ],
    ['when a pattern has two', [SendMessageListener, SecondListener], 'message.send has two handlers: take one'],
    [
      'when a handler has no pattern in the contracts',
      [SendMessageListener, StrangeListener],
      'chat.rename is handled but not in libs/contracts/src/patterns.ts: add it',
    ],
  ])('%s', async (_when, controllers, message) => {
    const settings = readConsumerSettings({ TELEGRAM_BOT_TOKEN: botToken, LOG_LEVEL: 'silent' });
    const module = { ...ConsumerModule.register(settings), controllers };
    const register = jest.spyOn(ConsumerModule, 'register').mockReturnValue(module);
    cleanUp(() => register.mockRestore());

    await expect(createConsumer(settings)).rejects.toThrow(message);
  });
});
