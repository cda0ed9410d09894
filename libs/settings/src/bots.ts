import { botName, defaultBot } from '@app/contracts';
import { readSecret, type Environment } from './read';

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
 * @param problems Takes what is wrong, one text a variable; see `SettingsError`.
 */
export function readBots(environment: Environment, problems: string[]): Bot[] {
  const bots: Bot[] = [];
  for (const name of botNames(environment, problems)) {
    const variable = name === defaultBot ? tokenVariable : `${tokenVariable}_${name.toUpperCase()}`;
    const token = readSecret(environment, variable, problems);
    if (token === undefined) continue;
    if (tokenShape.test(token)) bots.push({ name, token });
    else problems.push(`${variable} must be a bot token as @BotFather gives it, like 123456:ABC-DEF…`);
  }
  return bots;
}

/**
 * Names of all bots that the environment speaks of; `default` where it speaks of none.
 *
 * @param problems Takes what is wrong, one text a variable; see `SettingsError`.
 */
export function botNames(environment: Environment, problems: string[] = []): string[] {
  const names = new Set<string>();
  for (const variable of Object.keys(environment).filter((variable) => environment[variable])) {
    const base = variable.replace(/_FILE$/, '');
    const name = base.slice(tokenVariable.length + 1);
    if (base === tokenVariable) names.add(defaultBot);
    else if (!base.startsWith(`${tokenVariable}_`)) continue;
    else if (isBotName(name)) names.add(name.toLowerCase());
    else problems.push(`${variable} must name its bot by 1 to 32 of A-Z, 0-9 and _, other than DEFAULT and …FILE`);
  }
  return names.size > 0 ? [...names].sort() : [defaultBot];
}

/** `DEFAULT` would be a second token of that bot, and a name that ends with `FILE` a file of another one. */
const isBotName = (name: string): boolean =>
  name === name.toLowerCase().toUpperCase() &&
  botName.safeParse(name.toLowerCase()).success &&
  name !== defaultBot.toUpperCase() &&
  !/(^|_)FILE$/.test(name);
