import type { Dispatcher } from 'undici';
import { type Answer, codeOf, readAnswer } from './answer';
import { FileFault } from './file';

/**
 * One request on the wire. It handles undici's events itself, because only they tell whether a byte may have left:
 * undici calls `onRequestStart` right before it writes, and moves a request whose idle socket died before that to a
 * fresh connection on its own. So an error before that event is `unreachable`, and one after it `no_answer`.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  #controller?: Dispatcher.DispatchController;
  #cancelled = false;
  #status?: number;
  #chunks: Buffer[] = [];
  #deadline = Infinity;
  readonly #bodyTimeoutMs: number;
  readonly #settle: (answer: Answer) => void;
  readonly #onLeave: (() => void) | undefined;

  /** @param bodyTimeoutMs Longest wait from the head of the answer to its end; undici bounds only the silences in it. */
  constructor(bodyTimeoutMs: number, settle: (answer: Answer) => void, onLeave?: () => void) {
    this.#bodyTimeoutMs = bodyTimeoutMs;
    this.#settle = settle;
    this.#onLeave = onLeave;
  }

  /** Ends the call from outside: at once if it still waits for a connection, else by cutting its socket. */
  cancel(code: string): void {
    this.#cancelled = true;
    this.#fail(code);
    this.#controller?.abort(new Error(code));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#cancelled) return controller.abort(new Error('cancelled before it was written'));
    this.#controller = controller;
    this.#onLeave?.();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#status = status;
    this.#deadline = performance.now() + this.#bodyTimeoutMs;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (performance.now() > this.#deadline) return this.cancel('ANSWER_TOO_SLOW');
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0)] = this.#chunks;
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first;
    this.#settle(readAnswer(this.#status ?? 0, body.toString('utf8')));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof FileFault) return this.#settle(error.answer);
    this.#fail(codeOf(error));
  }

  #fail(code: string): void {
    if (!this.#controller) return this.#settle({ kind: 'unreachable', code });
    this.#settle({ kind: 'no_answer', code, ...(this.#status === undefined ? undefined : { status: this.#status }) });
  }
}
