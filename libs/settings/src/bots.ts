import { defaultBot } from '@app/contracts';
import { readSecret, SettingsError, type Environment } from './read';

export interface Bot {
  /** Lower case; `default` is the bot of `TELEGRAM_BOT_TOKEN`. */
  name: string;
  token: string;
}

const tokenVariable = 'TELEGRAM_BOT_TOKEN';
/** As @BotFather gives them: the bot's id, a colon, and the secret part. */
const tokenShape = /^\d+:[\w-]+$/;

/**
 * The bots of `TELEGRAM_BOT_TOKEN` and `TELEGRAM_BOT_TOKEN_<NAME>`, each also as `…_FILE`.
 *
 * @throws SettingsError naming every wrong variable.
 */
export function readBots(environment: Environment): Bot[] {
  const problems: string[] = [];
  const bots: Bot[] = [];
  for (const name of botNames(environment)) {
    const variable = name === defaultBot ? tokenVariable : `${tokenVariable}_${name.toUpperCase()}`;
    const token = readSecret(environment, variable, problems);
    if (token === undefined) continue;
    if (tokenShape.test(token)) bots.push({ name, token });
    else problems.push(`${variable} must be a bot token as @BotFather gives it, like 123456:ABC-DEF…`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return bots;
}

/** Names of all bots that the environment speaks of; `default` is always one of them. */
export function botNames(environment: Environment): string[] {
  const named = Object.keys(environment)
    .filter((variable) => environment[variable] && variable.startsWith(`${tokenVariable}_`))
    .map((variable) => variable.slice(tokenVariable.length + 1).replace(/_?FILE$/, ''))
    .filter((name) => /^[A-Z0-9_]{1,32}$/.test(name))
    .map((name) => name.toLowerCase());
  return [...new Set([defaultBot, ...named])].sort();
}
