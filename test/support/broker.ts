import { names, topology } from '@app/contracts';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp, hasFailed, titleOfTest } from './clean-up';
import { sharedUrl } from './node';
import { Wire } from './wire';

/** One broker and, on it, names that no other test uses, with a ledger of their own. */
export class Namespace extends Wire {
  readonly names: ReturnType<typeof names>;
  private readonly bots = new Set<string>(['default']);
  private readonly queues = new Set<string>();
  private readonly dir: string;

  constructor(
    url: string,
    readonly prefix: string,
  ) {
    super(url);
    this.dir = mkdtempSync(join(tmpdir(), `telegramq-${prefix}-`));
    cleanUp(() => rmSync(this.dir, { recursive: true, force: true }));
    this.names = names(prefix);
  }

  /** Settings that lead an app here. */
  get environment(): { RABBITMQ_URL: string; QUEUE_PREFIX: string; DATABASE_URL: string; BLOB_URL: string } {
    const [ledger, blobs] = [join(this.dir, 'ledger.db'), join(this.dir, 'blobs')];
    return {
      ...{ RABBITMQ_URL: this.url, QUEUE_PREFIX: this.prefix },
      ...{ DATABASE_URL: `file:${ledger}`, BLOB_URL: `file:${blobs}` },
    };
  }

  /** Has the queues of these bots removed in the end, too. */
  ownBots(bots: Iterable<string>): void {
    for (const bot of bots) this.bots.add(bot);
  }

  /** The name of a queue beside the product's own, removed in the end. */
  queue(name: string): string {
    const full = `${this.prefix}-${name}`; // With a dot it would be a name of the product's own.
    this.queues.add(full);
    return full;
  }

  /** Deletes every queue and exchange of these names. */
  async remove(): Promise<void> {
    const { exchanges, queues } = topology(this.prefix, [...this.bots]);
    await this.onChannel(async (channel) => {
      await Promise.all([...queues.map(({ name }) => name), ...this.queues].map((name) => channel.deleteQueue(name)));
      for (const bot of this.bots) {
        // Waiting rooms are numbered without a gap; deleting a queue that is not there does nothing.
        for (let room = 0; room < mostRooms; room++) await channel.deleteQueue(this.names.room(bot, room));
      }
      await Promise.all(exchanges.map(({ name }) => channel.deleteExchange(name)));
    });
  }
}

/** More than any test fills. */
const mostRooms = 10;

let inFile = 0;

/**
 * The broker of the run, with names of the test's own, which are removed after it unless it fails. In `beforeAll`: names
 * of the file's own.
 *
 * @param url Another broker, e.g. of {@link startNode}; nothing is removed there, since it goes as a whole.
 */
export async function broker(url?: string): Promise<Namespace> {
  const { testPath = '' } = expect.getState();
  const title = titleOfTest() || `file ${(inFile += 1)}`;
  const hash = createHash('sha256').update(`${testPath} ${title}`).digest('hex').slice(0, 12);
  const namespace = new Namespace(url ?? (await sharedUrl()), `t${hash}`);
  cleanUp(() => namespace.close());
  if (url === undefined) {
    await namespace.remove(); // What an earlier, failed run has left.
    cleanUp(() => hasFailed() || namespace.remove());
  }
  return namespace;
}
