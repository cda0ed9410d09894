import { blobKeyProblems, botNames, readBots, readSettings, variablesOf, type Environment } from '@app/settings';
import { isIP } from 'node:net';

/**
 * Reads what the producer needs.
 *
 * @throws SettingsError naming every wrong variable.
 */
export function readProducerSettings(environment: Environment = process.env) {
  const problems: string[] = [];
  const bots = botNames(environment);
  const botTokens = readBots(environment, problems);
  const settings = readSettings(environment, variablesOf('producer'), (values) => [
    ...problems,
    ...blobKeyProblems(values),
    ...(values.apiTokens?.length === 0 && values.httpHost !== undefined && !isLoopback(values.httpHost)
      ? ['HTTP_HOST must be a loopback address while API_TOKENS is not set, since anyone could send then']
      : []),
    // A default chat that is wrong is not in the values; one that is not set is there as undefined.
    ...(values.textQueues?.length && 'defaultChatId' in values && values.defaultChatId === undefined
      ? ['TELEGRAM_DEFAULT_CHAT_ID must be set for TEXT_QUEUES: their texts go to that chat']
      : []),
    ...(values.textQueues?.some((queue) => values.queuePrefix && queue.startsWith(`${values.queuePrefix}.`))
      ? ['TEXT_QUEUES must name queues that do not begin with QUEUE_PREFIX and a dot: those are TelegraMQ’s own']
      : []),
  ]);
  return { ...settings, bots, botTokens };
}

export type ProducerSettings = ReturnType<typeof readProducerSettings>;
export const PRODUCER_SETTINGS = Symbol('ProducerSettings');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
