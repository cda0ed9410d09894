import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually';
import { post, request, type Answer } from '../support/post';

/** A private chat that the sandbox has. */
export const chat = 1001;

const root = join(__dirname, '../..');

/** Every port is any free one, and nothing of the developer's own settings counts. */
const environment = {
  ...process.env,
  TELEGRAM_BOT_TOKEN: '',
  ...{ HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', CONSUMER_HTTP_PORT: '0', SANDBOX_PORT: '0' },
  ...{ AMQP_HOST: '127.0.0.1', AMQP_PORT: '0', MANAGEMENT_PORT: '0' },
};

/** docker/compose.yml as a project of its own, so that it stands beside a TelegraMQ that runs here. */
export class Deployment {
  /** @param env What stands in `.env`. */
  constructor(
    readonly project: string,
    private readonly env = '',
  ) {}

  /** `docker compose …` with these words; gives what it prints. @throws With its error output. */
  async compose(...words: string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'telegramq-'));
    const ENV_FILE = join(folder, '.env');
    await writeFile(ENV_FILE, this.env);
    try {
      return await run(['compose', '-p', this.project, '-f', 'docker/compose.yml', ...words], { ENV_FILE });
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** What a newcomer types. Resolves when everything is healthy. */
  async up(): Promise<void> {
    await this.compose('--profile', 'sandbox', 'up', '--wait', '--no-build');
  }

  async down(...options: string[]): Promise<void> {
    await this.compose('--profile', 'sandbox', 'down', ...options);
  }

  /** Runs a command in a container that is up. */
  exec(service: string, ...command: string[]): Promise<string> {
    return this.compose('exec', '-T', service, ...command);
  }

  /** A field of `docker inspect`, e.g. `.State.ExitCode`. */
  async inspect(service: string, field: string): Promise<string> {
    return docker('inspect', '--format', `{{${field}}}`, await this.container(service));
  }

  /** Users, by number, of all processes in the container. */
  async users(service: string): Promise<string[]> {
    const [, ...rows] = (await docker('top', await this.container(service), '-eo', 'pid,uid')).split('\n');
    return [...new Set(rows.map((row) => row.trim().split(/\s+/)[1] ?? ''))];
  }

  /** Where a port of a container is published now; that changes with each start. */
  async published(service: string, port: number): Promise<string> {
    return this.compose('--profile', 'sandbox', 'port', service, String(port));
  }

  /** Ids of containers, volumes and networks that are there. */
  async remains(): Promise<string[]> {
    const mine = ['--quiet', '--filter', `label=com.docker.compose.project=${this.project}`];
    const lists = [docker('ps', '--all', ...mine), docker('volume', 'ls', ...mine), docker('network', 'ls', ...mine)];
    return (await Promise.all(lists)).flatMap((list) => list.split('\n')).filter(Boolean);
  }

  /** The secret made up at the first start, read as docker/compose.yml says. */
  token(): Promise<string> {
    return this.exec('producer', 'sed', 's/.*://', '/run/telegramq/api-tokens');
  }

  /** Hands a message in, with the token of {@link token} unless told otherwise. */
  async send(text: string, token?: string): Promise<Answer> {
    const url = `http://${await this.published('producer', 3000)}`;
    return post(url, { chat_id: chat, text }, { authorization: `Bearer ${token ?? (await this.token())}` });
  }

  /** Resolves when the chat has got this text; gives how often it has. */
  async arrival(text: string): Promise<number> {
    const url = `http://${await this.published('sandbox', 8081)}/sandbox/journal?verdict=accepted&chat_id=${chat}`;
    return eventually(async () => {
      const { body } = await request<{ params: { text?: string } }[]>(url);
      return body.filter(({ params }) => params.text === text).length || undefined;
    }, `“${text}” is in the chat`);
  }

  private container(service: string): Promise<string> {
    return this.compose('--profile', 'sandbox', 'ps', '--all', '--quiet', service);
  }
}

/** `docker` with these words; gives what it prints. @throws With its error output. */
export const docker = (...words: string[]): Promise<string> => run(words);

async function run(words: string[], more: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', words, { cwd: root, env: { ...environment, ...more } });
  return stdout.trim();
}
