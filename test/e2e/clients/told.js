'use strict';
// What a client's calls came to, for the test that runs it: each step's name and its result, or the whole exception.

/** @type {{ step: string, result?: unknown, error?: unknown }[]} */
const told = [];

/**
 * Makes one call and puts on record what came of it.
 * @param {string} step @param {() => Promise<any>} call @returns {Promise<any>} what the client returned, if it did
 */
async function step(step, call) {
  try {
    const result = await call();
    told.push({ step, result });
    return result;
  } catch (error) {
    told.push({ step, error: { name: error.constructor.name, message: error.message, ...error } });
  }
}

/** Prints all of it. */
const tell = () => process.stdout.write(JSON.stringify(told));

module.exports = { step, tell };
