import { readBots, readSettings, SettingsError, variables, type Environment } from '@app/settings';

/**
 * Reads what the consumer needs.
 *
 * @throws SettingsError naming every wrong variable.
 */
export function readConsumerSettings(environment: Environment = process.env) {
  const { rabbitmqUrls, queuePrefix, httpHost, consumerHttpPort, telegramApiRoot, logLevel } = variables;
  const { rateGlobal, ratePrivate, rateGroup } = variables;
  const wanted = { rabbitmqUrls, queuePrefix, httpHost, consumerHttpPort, telegramApiRoot, logLevel };
  const settings = readSettings(environment, { ...wanted, rateGlobal, ratePrivate, rateGroup });
  const bots = readBots(environment);
  if (bots.length === 0) {
    throw new SettingsError([
      'TELEGRAM_BOT_TOKEN must be set: @BotFather gives you one; npm start has a sandbox instead',
    ]);
  }
  return { ...settings, bots };
}

export type ConsumerSettings = ReturnType<typeof readConsumerSettings>;
export const CONSUMER_SETTINGS = Symbol('ConsumerSettings');
