import { blobKeyProblems, readBots, readSettings, variablesOf, type Environment } from '@app/settings';

/**
 * Reads what the consumer needs.
 *
 * @throws SettingsError naming every wrong variable.
 */
export function readConsumerSettings(environment: Environment = process.env) {
  const problems: string[] = [];
  const bots = readBots(environment, problems);
  if (bots.length === 0 && problems.length === 0) {
    problems.push('TELEGRAM_BOT_TOKEN must be set: @BotFather gives you one; npm start has a sandbox instead');
  }
  const settings = readSettings(environment, variablesOf('consumer'), (values) => [
    ...problems,
    ...blobKeyProblems(values),
  ]);
  return { ...settings, bots };
}

export type ConsumerSettings = ReturnType<typeof readConsumerSettings>;
export const CONSUMER_SETTINGS = Symbol('ConsumerSettings');
