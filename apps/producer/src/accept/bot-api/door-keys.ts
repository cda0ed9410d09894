import type { ProducerSettings } from '../../producer.settings';
import { Secrets } from '../secrets';

/** Which bot a token of the door stands for: a bot’s own, or `<digits>:<secret of API_TOKENS>`. */
export class DoorKeys {
  private readonly tokens: Secrets<string>;
  private readonly callers: Secrets<string>;
  private readonly byId: ReadonlyMap<string, string>;
  private readonly onlyBot: string | undefined;

  constructor({ bots, botTokens, apiTokens }: Pick<ProducerSettings, 'bots' | 'botTokens' | 'apiTokens'>) {
    this.tokens = new Secrets(botTokens.map(({ name, token }) => [token, name] as const));
    this.callers = new Secrets(apiTokens.map(({ name, secret }) => [secret, name] as const));
    this.byId = new Map(botTokens.map(({ name, token }) => [idOf(token), name]));
    this.onlyBot = bots.length === 1 ? bots[0] : undefined;
  }

  /** The name of the bot; nothing where the token is wrong. The digits say which bot a caller means, if there are several. */
  botOf(token: string): string | undefined {
    const id = idOf(token);
    const bot = this.tokens.meaningOf(token);
    const caller = this.callers.meaningOf(token.slice(id.length + 1));
    return bot ?? (caller === undefined ? undefined : (this.byId.get(id) ?? this.onlyBot));
  }
}

const idOf = (token: string): string => token.slice(0, token.indexOf(':'));
