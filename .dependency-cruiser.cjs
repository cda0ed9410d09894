'use strict';
// Who may import what: the table of the house, as rules. `npm run imports` checks it; a new lib or stage needs a row.

const fs = require('node:fs');

/**
 * What a folder may import besides itself: `@app/<lib>` for a lib's front door, a path for a folder or file of ours, and
 * anything else for a package.
 * @type {Record<string, { why: string, node?: boolean, may: string[] }>}
 */
const table = {
  'libs/contracts': {
    why: 'Both apps and every outsider rely on what travels, so it hangs on nothing that could change under them.',
    may: ['zod'],
  },
  'libs/settings': {
    why: 'Reading the environment comes before everything else and so needs nothing of it.',
    node: true,
    may: ['@app/contracts', 'zod'],
  },
  'libs/bot-api': {
    why: 'How a call reaches Telegram is the same for whoever makes it; what its answer means is the caller’s business.',
    node: true,
    may: ['undici'],
  },
  'libs/blobs': {
    why: 'It keeps bytes and knows nothing of what they are.',
    node: true,
    may: ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
  },
  'libs/guard': {
    why: 'Where others may lead us is judged in one place, whatever they lead us for.',
    node: true,
    may: ['ipaddr.js'],
  },
  'libs/broker': {
    why: 'How messages travel is known here alone, and nothing here knows what they mean to Telegram.',
    node: true,
    may: ['@app/contracts', '@nestjs/common', '@nestjs/microservices', 'amqplib', 'amqp-connection-manager', 'rxjs'],
  },
  'libs/ledger': {
    why: 'The record is written and read here alone, so that SQLite and PostgreSQL stay one matter.',
    node: true,
    may: ['@app/contracts', '@nestjs/common', 'kysely', 'libsql', 'pg'],
  },
  'libs/format': {
    why: 'Pure text work: the same text leads to the same messages, on whatever host and however often.',
    may: ['@app/contracts', 'entities', 'marked'],
  },
  'libs/observe': {
    why: 'Health, metrics, logs and the end are the same for every app, so they know none.',
    node: true,
    may: [
      '@nestjs/common',
      '@nestjs/platform-fastify',
      '@nestjs/swagger',
      '@nestjs/terminus',
      'fastify',
      'nestjs-pino',
      'prom-client',
    ],
  },
  'apps/producer/src/accept': {
    why: 'A door reads a message and hands it to enqueue; how it reaches the broker is not its business.',
    node: true,
    may: [
      ...['@app/blobs', '@app/bot-api', '@app/broker', '@app/contracts', '@app/format', '@app/ledger'],
      ...['apps/producer/src/enqueue', 'apps/producer/src/producer.settings.ts', '@fastify/busboy'],
      ...['@nestjs/common', '@nestjs/microservices', '@nestjs/platform-fastify', '@nestjs/swagger', 'amqplib'],
      ...['fastify', 'nestjs-zod', 'prom-client', 'uuidv7', 'zod'],
    ],
  },
  'apps/producer/src/enqueue': {
    why: 'What is enqueued came in by any door, so enqueue knows none of them.',
    node: true,
    may: [
      ...['@app/broker', '@app/contracts', '@app/ledger', 'apps/producer/src/producer.settings.ts'],
      ...['@nestjs/common', 'amqplib'],
    ],
  },
  'apps/producer/src/report': {
    why: 'It answers what became of messages out of the ledger, and hands replays to enqueue like any door.',
    node: true,
    may: [
      ...['@app/blobs', '@app/broker', '@app/contracts', '@app/guard', '@app/ledger', 'apps/producer/src/accept'],
      ...['apps/producer/src/enqueue', 'apps/producer/src/producer.settings.ts'],
      ...['@nestjs/common', '@nestjs/microservices', '@nestjs/swagger', 'amqplib', 'fastify'],
      ...['nestjs-zod', 'undici', 'uuidv7', 'zod'],
    ],
  },
  'apps/consumer/src/consume': {
    why: 'It reads commands and hands them to the pipeline; what happens to them there is delivery.ts’s business.',
    node: true,
    may: [
      ...['@app/broker', '@app/contracts', 'apps/consumer/src/delivery.ts', 'apps/consumer/src/consumer.settings.ts'],
      ...['@nestjs/common', '@nestjs/microservices', 'amqplib', 'zod'],
    ],
  },
  'apps/consumer/src/pace': {
    why: 'Pure: time is passed in, so that an hour of limits is tried in a millisecond.',
    may: ['@app/contracts'],
  },
  'apps/consumer/src/send': {
    why: 'Only this folder knows what Telegram’s answers mean, and it knows nothing of the broker.',
    node: true,
    may: [
      ...['@app/bot-api', '@app/contracts', 'apps/consumer/src/outcome.ts'],
      ...['@nestjs/common', 'nestjs-telegraf', 'telegraf'],
    ],
  },
  'apps/consumer/src/settle': {
    why: 'It acts on an outcome alone, however that came about.',
    node: true,
    may: [
      ...['@app/broker', '@app/contracts', '@app/ledger'],
      ...['apps/consumer/src/outcome.ts', 'apps/consumer/src/parcel.ts'],
      ...['apps/consumer/src/consumer.settings.ts', '@nestjs/common', 'amqplib'],
    ],
  },
  'apps/consumer/src/upload': {
    why: 'It knows which files a call takes and what Telegram calls them; when the call is made is not its business.',
    node: true,
    may: [
      ...['@app/blobs', '@app/bot-api', '@app/contracts', '@app/guard', '@app/ledger', 'apps/consumer/src/outcome.ts'],
      ...['apps/consumer/src/consumer.settings.ts', '@nestjs/common', 'undici'],
    ],
  },
  'apps/consumer/src/wait': {
    why: 'It keeps messages in order while they wait; when that is over, it is told.',
    node: true,
    may: ['@app/broker', '@app/contracts', 'apps/consumer/src/parcel.ts'],
  },
  'apps/sandbox': {
    why: 'The stand-in is written from Telegram’s documents alone: with our code in it, it would repeat our mistakes.',
    node: true,
    may: ['@fastify/busboy'],
  },
};

/** Folders in which every subfolder with code needs a row, or it would be free to import anything. */
for (const parent of ['libs', 'apps/producer/src', 'apps/consumer/src']) {
  for (const { name } of fs.readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const folder = `${parent}/${name}`;
    if (!table[folder])
      throw new Error(`${folder} has no row in the table of .dependency-cruiser.cjs: add what it may import`);
  }
}

const stages = ['pace', 'send', 'settle', 'upload', 'wait'].map((stage) => `apps/consumer/src/${stage}`);

/** Specs, and what only they import: they may look behind doors and need packages that the product does not ship. */
const tests = String.raw`(\.spec|\.fixture)\.ts$|/virtual-[^/]+\.ts$`;

/** @param {string} text */
const literal = (text) => text.replace(/[.*+?^$()[\]{}|\\]/g, String.raw`\$&`);

/** @param {string} target one of a row's `may` */
function patternOf(target) {
  if (target.startsWith('@app/')) return `^libs/${target.slice('@app/'.length)}/src/index\\.ts$`;
  if (target.startsWith('apps/')) return `^${literal(target)}(/|$)`;
  return `(^|/)node_modules/(@types/)?${literal(target)}/`;
}

const rows = Object.entries(table).map(([folder, { why, node, may }]) => ({
  name: `may-import: ${folder}`,
  comment: `${why} It may import ${may.join(', ')}${node ? ' and node:*' : ''}.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { pathNot: [`^${folder}/`, ...may.map(patternOf)], ...(node && { dependencyTypesNot: ['core'] }) },
}));

module.exports = {
  forbidden: [
    ...rows,
    {
      name: 'no-circular',
      comment: 'Parts of a circle cannot be understood, tried or taken out one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-by-front-door',
      comment:
        'Import @app/<lib>: what index.ts does not export is the lib’s own to change, but for fixtures of tests.',
      severity: 'error',
      from: { path: '^([^/]+/[^/]+)/' },
      to: { path: '^libs/', pathNot: ['^$1/', String.raw`^libs/[^/]+/src/(index|[^/]+\.fixture)\.ts$`] },
    },
    {
      name: 'libs-know-no-app',
      comment: 'A lib serves every app, so it cannot lean on one.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-meet-in-libs-only',
      comment:
        'Producer and consumer are deployed apart and may be of different versions: they share contracts, not code.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'only-delivery-composes',
      comment:
        'The order of the stages stands on one page, delivery.ts; bots.ts and tenure.ts say with what and when, consumer.module.ts makes them, attempt-log.ts counts.',
      severity: 'error',
      from: {
        path: '^apps/consumer/src/[^/]+$',
        pathNot: [tests, String.raw`^apps/consumer/src/(delivery|bots|tenures?|consumer\.module|attempt-log)\.ts$`],
      },
      to: { path: stages.map((stage) => `^${stage}/`) },
    },
    ...stages.map((stage) => ({
      name: `stage-by-front-door: ${stage}`,
      comment: 'Import the stage’s index.ts: what that does not export is the stage’s own to change.',
      severity: 'error',
      from: { path: '^apps/consumer/src/', pathNot: `^${stage}/` },
      to: { path: `^${stage}/`, pathNot: `^${stage}/index\\.ts$` },
    })),
    {
      name: 'doors-know-no-other',
      comment:
        'Each door is taken out by deleting its folder; what they share stands in accept/ itself and in uploads/.',
      severity: 'error',
      from: { path: '^apps/producer/src/accept/([^/]+)/', pathNot: tests },
      to: { path: '^apps/producer/src/accept/[^/]+/', pathNot: '^apps/producer/src/accept/($1|uploads)/' },
    },
    {
      name: 'http-knows-no-broker',
      comment: 'The HTTP door answers with problems, not with what AMQP said.',
      severity: 'error',
      from: { path: '^apps/producer/src/accept/http/' },
      to: { path: ['^libs/broker/', patternOf('amqplib'), patternOf('@nestjs/microservices')] },
    },
    {
      name: 'only-broker-knows-sockets',
      comment:
        'Outside libs/broker amqplib is types only: whoever opens a channel of their own escapes its guarantees.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/broker/', tests] },
      to: {
        path: [patternOf('amqplib'), patternOf('amqp-connection-manager')],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'tests-stay-out',
      comment: 'What only tests need must not be shipped.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: tests },
      to: { path: [tests, '^test/', '^scripts/'] },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      comment:
        'The containers are installed without devDependencies: move the package to dependencies. Types may stay.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unlisted-dependency',
      comment: 'It is in node_modules by the grace of another package only: add it to package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'What is imported does not exist here.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphan',
      comment: 'Nothing imports it and it is no start of anything: delete it.',
      severity: 'error',
      from: { orphan: true, path: '^(apps|libs|scripts)/', pathNot: [tests, '/main\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
