/* eslint-disable-next-line @typescript-eslint/no-require-imports -- the scripts run without a build, so they are CommonJS */
export const { freePort } = require('../../scripts/ports') as { freePort: () => Promise<number> };
