import type { Params } from 'nestjs-pino';
import { stdout } from 'node:process';

/**
 * Structured JSON lines, pretty on a terminal. No route gets pino's middleware: the apps log what they do to a message,
 * not each request, and the middleware would cost a fifth of the producer's rate.
 */
export const logging = (app: string, level: string): Params => ({
  pinoHttp: {
    level,
    base: { app },
    redact: { paths: ['authorization', '*.authorization', '*.*.authorization'], censor: '[secret]' },
    ...(stdout.isTTY && {
      transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
    }),
  },
  forRoutes: [],
});
