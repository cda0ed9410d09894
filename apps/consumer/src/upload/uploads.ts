import { BLOBS, type Blobs } from '@app/blobs';
import type { StoredFile } from '@app/bot-api';
import {
  attach,
  attachedField,
  filesIn,
  isHttpUrl,
  type FileUse,
  type BlobFile,
  type MessageFile,
  type SendMessage,
} from '@app/contracts';
import { Guard } from '@app/guard';
import { Ledger } from '@app/ledger';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import type { Outcome } from '../outcome';
import { Fetcher } from './fetcher';
import { KnownFiles } from './known-files';
import { fileIdIn, likenessOf, withValues } from './likeness';

/** After how many milliseconds a message looks again whether the upload that it waits for is over. */
export const lookMs = 200;

/** What one call takes along. */
export interface Upload {
  /** The parameters, with `file_id`s in place of files that Telegram has already. */
  payload: SendMessage['payload'];
  files: readonly StoredFile[];
  /** Learns from the answer what Telegram calls its files, or that it has forgotten some; then it is to be made again. */
  learn(outcome: Outcome): Promise<Outcome>;
  /** It makes nobody wait any more. To be called at the end, and harmless a second time. */
  end(): void;
  /** There is no call to make, and this comes of it. */
  refusal?: Outcome;
}

interface Use extends FileUse {
  file: MessageFile;
  likeness?: string;
}

/** Gives calls their files: each is uploaded by one message at a time, and sent by its `file_id` once there is one. */
@Injectable()
export class Uploads implements BeforeApplicationShutdown {
  private readonly fetcher: Fetcher;
  private readonly known = new Map<string, KnownFiles>();
  /** Which message uploads a file, by bot and likeness. */
  private readonly underWay = new Map<string, string>();

  constructor(
    private readonly ledger: Ledger,
    @Inject(BLOBS) private readonly blobs: Blobs,
    @Inject(CONSUMER_SETTINGS) { uploadLimit, fileAllow }: Pick<ConsumerSettings, 'uploadLimit' | 'fileAllow'>,
  ) {
    this.fetcher = new Fetcher(new Guard(fileAllow, 'FILE_ALLOW'), ledger, blobs, uploadLimit);
  }

  /** Files that are being fetched are given up; their messages go on later. */
  beforeApplicationShutdown(): Promise<void> {
    return this.fetcher.stop();
  }

  /**
   * What the call takes along; nothing while another message uploads a file of it.
   *
   * @param fetches Whether files that it names by address are fetched here, since Telegram could not.
   */
  async begin(command: SendMessage, fetches: boolean): Promise<Upload | undefined> {
    const addressed = command.exact ? [] : filesIn(command.payload).filter(({ value }) => isHttpUrl(value));
    if (addressed.length > 0) return fetches ? this.fetched(command, addressed) : fetchable(await this.own(command));
    return this.own(command);
  }

  private async fetched(command: SendMessage, uses: readonly FileUse[]): Promise<Upload | undefined> {
    const files: BlobFile[] = [];
    const remove = () => Promise.all(files.splice(0).map(({ blob }) => this.fetcher.remove(blob)));
    for (const [at, { value }] of uses.entries()) {
      const fetched = await this.fetcher.fetch(value);
      if ('why' in fetched) {
        await remove();
        return refused(command, fetched.why, fetched.isPassing ?? false);
      }
      files.push({ field: `fetched_${at}`, ...fetched });
    }
    const payload = withValues(command.payload, uses.map((use, at) => [use, attach(`fetched_${at}`)] as const)); // prettier-ignore
    const upload = await this.own({ ...command, payload, files: [...(command.files ?? []), ...files] });
    if (!upload) await remove();
    return upload && { ...upload, end: () => (upload.end(), void remove()) };
  }

  private async own(command: SendMessage): Promise<Upload | undefined> {
    const { id, bot, payload, files = [] } = command;
    if (files.length === 0) return without(payload);
    const known = this.knownOf(bot);
    await known.ready();
    const uses = usesOf(command);
    const wanted = uses.filter(({ likeness }) => likeness !== undefined && known.of(likeness) === undefined);
    const keys = wanted.map(({ likeness }) => `${bot} ${likeness}`);
    if (keys.some((key) => (this.underWay.get(key) ?? id) !== id)) return undefined;
    for (const key of keys) this.underWay.set(key, id);
    const end = () => keys.forEach((key) => this.underWay.get(key) === id && this.underWay.delete(key));

    const instead = uses.flatMap((use) => {
      const fileId = use.likeness === undefined ? undefined : known.of(use.likeness);
      return fileId === undefined ? [] : [[use, fileId] as const];
    });
    const replaced = new Set<Use>(instead.map(([use]) => use));
    const left = uses.filter((use) => !replaced.has(use));
    const ids = new Set(instead.map(([, fileId]) => fileId));
    return {
      payload: withValues(payload, instead),
      files: this.stored(left),
      end,
      learn: async (outcome) => {
        try {
          return await this.learn(known, outcome, wanted, ids);
        } finally {
          end();
        }
      },
    };
  }

  private async learn(known: KnownFiles, outcome: Outcome, uploaded: Use[], ids: Set<string>): Promise<Outcome> {
    if (outcome.kind === 'rejected' && outcome.reason === 'bad_file' && ids.size > 0) {
      await known.forget(ids);
      return { ...outcome, isStale: true };
    }
    if (outcome.kind !== 'sent') return outcome;
    const found = uploaded.map((use) => [use.likeness!, fileIdIn(outcome.result, use)] as const);
    await known.remember(new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined)));
    return outcome;
  }

  /** A file that several parameters refer to is sent once. */
  private stored(uses: readonly Use[]): StoredFile[] {
    const byField = new Map(uses.map(({ file, kind }) => [file.field, { file, kind }]));
    return [...byField.values()].map(({ file, kind }) => {
      const { field, filename, type, size } = file;
      const open = async () =>
        'blob' in file ? this.blobs.open(file.blob) : Readable.from([Buffer.from(file.written)]);
      return { field, filename, type, size, kind, open };
    });
  }

  private knownOf(bot: string): KnownFiles {
    const known = this.known.get(bot) ?? new KnownFiles(this.ledger, bot);
    this.known.set(bot, known);
    return known;
  }
}

/** Where the call refers to which of its files: by `attach://`, or by a field that is named like the parameter. */
function usesOf({ payload, files = [], exact }: SendMessage): Use[] {
  const byField = new Map(files.map((file) => [file.field, file]));
  const uses: FileUse[] = filesIn(payload).filter(({ value }) => attachedField(value) !== undefined);
  const named = new Set(uses.map(({ value }) => attachedField(value)));
  const direct = exact ? files.filter(({ field }) => !named.has(field)) : [];
  return [
    ...uses.flatMap((use) => {
      const file = byField.get(attachedField(use.value)!);
      return file ? [{ ...use, file, likeness: likenessOf(file, use, payload) }] : [];
    }),
    ...direct.map((file) => {
      const use = { path: [file.field], kind: file.field, value: '' };
      return { ...use, file, likeness: likenessOf(file, use, payload) };
    }),
  ];
}

const without = (payload: SendMessage['payload']): Upload => ({
  ...{ payload, files: [], learn: (outcome) => Promise.resolve(outcome), end: nothing },
});

/** Files that Telegram cannot get from their addresses may be got by us. */
const fetchable = (upload: Upload | undefined): Upload | undefined =>
  upload && {
    ...upload,
    learn: async (said) => {
      const outcome = await upload.learn(said);
      const isRefused = outcome.kind === 'rejected' && outcome.reason === 'bad_file' && !outcome.isStale;
      return isRefused ? { ...outcome, isFetchable: true } : outcome;
    },
  };

const refused = ({ payload }: SendMessage, description: string, isPassing: boolean): Upload => ({
  ...without(payload),
  refusal: isPassing
    ? { kind: 'retry', reason: 'files_unavailable', scope: 'message', usesAttempt: true, description }
    : { kind: 'rejected', reason: 'bad_file', description: `the file cannot be fetched: ${description}` },
});

const nothing = (): void => undefined;
