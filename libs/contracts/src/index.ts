export * from './reasons';
export * from './rates';
