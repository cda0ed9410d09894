'use strict';
// Apart from the other tests, because it needs a Docker engine and minutes: `npm run test:containers`.
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/test/containers/**/*.spec.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^@app/(.*)$': '<rootDir>/libs/$1/src' },
  testEnvironment: 'node',
};
