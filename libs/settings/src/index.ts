export { blobKeyProblems } from './blobs';
export { botNames, readBots, type Bot } from './bots';
export { readSettings, SettingsError, type Environment } from './read';
export type { App, Variable } from './variable';
export { variables, variablesOf } from './variables';
