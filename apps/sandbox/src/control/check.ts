import { isRecord, type Params } from '../call';

/** Input that the control API does not understand, with one sentence for each wrong field. Answered with 400. */
export class Invalid {
  constructor(readonly errors: { field: string; message: string }[]) {}
}

/** Reads fields of a JSON object one by one, gathering everything that is wrong with them. */
export class Fields {
  readonly errors: { field: string; message: string }[] = [];
  private readonly known = new Set<string>();

  constructor(
    private readonly source: Params,
    private readonly path = '',
  ) {}

  text(name: string): string | undefined {
    return this.read(name, 'must be text', (value) => typeof value === 'string');
  }

  flag(name: string): boolean | undefined {
    return this.read(name, 'must be true or false', (value) => typeof value === 'boolean');
  }

  integer(name: string, least = -Infinity): number | undefined {
    const message = `must be a whole number${least === -Infinity ? '' : ` of at least ${least}`}`;
    return this.read(name, message, (value) => Number.isSafeInteger(value) && (value as number) >= least);
  }

  integers(name: string): number[] | undefined {
    return this.read(
      name,
      'must be a list of whole numbers',
      (value) => Array.isArray(value) && value.every(Number.isSafeInteger),
    );
  }

  texts(name: string): string[] | undefined {
    const isText = (item: unknown) => typeof item === 'string';
    return this.read(name, 'must be a list of texts', (value) => Array.isArray(value) && value.every(isText));
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    return this.read(name, `must be one of ${words.join(', ')}`, (value) => words.includes(value as T));
  }

  chatId(name: string): number | string | undefined {
    return this.read(
      name,
      'must be a chat id or @name',
      (value) => Number.isSafeInteger(value) || typeof value === 'string',
    );
  }

  /** The fields of an object inside; an empty one when there is none. */
  object(name: string): Fields {
    const value = this.read<Params>(name, 'must be an object', isRecord);
    return new Fields(value ?? {}, `${this.path}${name}.`);
  }

  /** `null` where it says something of its own; counts as read. */
  isNull(name: string): boolean {
    this.known.add(name);
    return this.source[name] === null;
  }

  has(name: string): boolean {
    return this.source[name] !== undefined;
  }

  wrong(name: string, message: string): void {
    this.errors.push({ field: this.path + name, message });
  }

  /** Fields that nobody asked for are mistakes too: mostly misspelt. */
  strangers(): void {
    for (const name of Object.keys(this.source)) if (!this.known.has(name)) this.wrong(name, 'is not known here');
  }

  private read<T>(name: string, message: string, fits: (value: unknown) => boolean): T | undefined {
    this.known.add(name);
    const value = this.source[name];
    if (value === undefined) return undefined;
    if (fits(value)) return value as T;
    this.wrong(name, message);
    return undefined;
  }
}
