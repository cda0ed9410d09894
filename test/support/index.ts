export { aSandbox, botToken, startConsumer, startProducer, type Overrides, type RunningApp } from './apps';
export { broker, type Namespace } from './broker';
export { cleanUp } from './clean-up';
export { aCommand, queue } from './command';
export { eventually } from './eventually';
export { openLedger } from './ledger';
export { startNode, type RabbitNode } from './node';
export { post, request, type Answer } from './post';
export { spawnApp, spawnToEnd, type Exit, type SpawnedApp } from './spawn-app';
