// Runs code samples of the model pages as they stand there, with `env.AI` from this package.
//
//   AIGATEWAY_BASE_URL=http://127.0.0.1:8080 AIGATEWAY_API_KEY=sk-aig-... node examples/run-sample.mjs FILE...
//
// `console` is this file's: its `log` prints the text of what it is given, also of a stream, which nothing else could
// print because a stream must be read first. AIGATEWAY_TRANSPORT is native, tunnel or rest.

import { readFile } from 'node:fs/promises';
import { AI, readText } from 'aigateway';

const AsyncFunction = (async () => {}).constructor;

/** A `console` whose `log` also prints streams, once `settled` is awaited. */
function patientConsole() {
  let printed = Promise.resolve();
  const log = (...values) => {
    printed = printed.then(async () => {
      const readable = values.map((value) => (value instanceof ReadableStream ? readText(value) : value));
      console.log(...(await Promise.all(readable)));
    });
  };
  return { ...console, log, settled: () => printed };
}

const env = { AI: new AI({ transport: process.env.AIGATEWAY_TRANSPORT }) };

for (const file of process.argv.slice(2)) {
  const sample = patientConsole();
  await new AsyncFunction('env', 'console', await readFile(file, 'utf8'))(env, sample);
  await sample.settled();
}
