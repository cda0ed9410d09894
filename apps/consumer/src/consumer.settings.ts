import { blobKeyProblems, readBots, readSettings, variables, type Environment } from '@app/settings';

/**
 * Reads what the consumer needs.
 *
 * @throws SettingsError naming every wrong variable.
 */
export function readConsumerSettings(environment: Environment = process.env) {
  const { rabbitmqUrls, queuePrefix, httpHost, consumerHttpPort, telegramApiRoot, logLevel } = variables;
  const { rateGlobal, ratePrivate, rateGroup } = variables;
  const { databaseUrl, blobUrl, blobAccessKey, blobSecretKey, uploadLimit, fileAllow, ledgerBodies } = variables;
  const wanted = {
    databaseUrl,
    blobUrl,
    blobAccessKey,
    blobSecretKey,
    uploadLimit,
    fileAllow,
    ledgerBodies,
    rabbitmqUrls,
    queuePrefix,
    httpHost,
    consumerHttpPort,
    telegramApiRoot,
    logLevel,
  };
  const problems: string[] = [];
  const bots = readBots(environment, problems);
  if (bots.length === 0 && problems.length === 0) {
    problems.push('TELEGRAM_BOT_TOKEN must be set: @BotFather gives you one; npm start has a sandbox instead');
  }
  const settings = readSettings(environment, { ...wanted, rateGlobal, ratePrivate, rateGroup }, (values) => [
    ...problems,
    ...blobKeyProblems(values),
  ]);
  return { ...settings, bots };
}

export type ConsumerSettings = ReturnType<typeof readConsumerSettings>;
export const CONSUMER_SETTINGS = Symbol('ConsumerSettings');
