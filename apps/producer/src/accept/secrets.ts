import { createHash, timingSafeEqual } from 'node:crypto';

/** Secrets and what each of them stands for. */
export class Secrets<T> {
  private readonly known: readonly { digested: Buffer; meaning: T }[];

  constructor(secrets: readonly (readonly [secret: string, meaning: T])[]) {
    this.known = secrets.map(([secret, meaning]) => ({ digested: digest(secret), meaning }));
  }

  /** What a secret stands for; takes the same time whichever is right and wherever a wrong one differs. */
  meaningOf(secret: string): T | undefined {
    const given = digest(secret);
    return this.known.filter(({ digested }) => timingSafeEqual(digested, given))[0]?.meaning;
  }
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
