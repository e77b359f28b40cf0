// The README's example and the runner of samples, run by a process of their own as a user would.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chat, chunk, fake, json, sse } from './fake.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function answer({ headers, body }) {
  if (headers['cf-consn-model-id'] === 'openai/no-such-model') {
    return json({ success: false, result: null, errors: [{ code: 7003, message: 'no such model' }] }, { status: 404 });
  }
  if (!JSON.parse(body).inputs.stream) return json(chat('Energy stays.'));
  return sse([chunk({ role: 'assistant' }), chunk({ content: 'Entropy ' }), chunk({ content: 'grows.' })]);
}

async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'aigateway-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

async function node(baseURL, ...words) {
  const env = { PATH: process.env.PATH, AIGATEWAY_BASE_URL: baseURL, AIGATEWAY_API_KEY: 'sk-aig-1' };
  return promisify(execFile)(process.execPath, words, { env, cwd: root });
}

test('the example of the README runs', async (t) => {
  const [, example] = /```js\n([^]*?)```/.exec(await readFile(join(root, 'README.md'), 'utf8'));
  const path = await folder(t);
  await mkdir(join(path, 'node_modules'));
  await symlink(root, join(path, 'node_modules', 'aigateway'));
  await writeFile(join(path, 'example.mjs'), example);
  const { baseURL } = await fake(t, answer);
  const { stdout, stderr } = await node(baseURL, join(path, 'example.mjs'));
  assert.equal(stderr, '');
  assert.equal(stdout, 'Energy stays.\ntrue true\nEntropy grows.\n200\n404 7003\n');
});

test('a sample prints its text, whole or streamed, in order', async (t) => {
  const path = await folder(t);
  const sample = (inputs) => `const response = await env.AI.run('openai/o4-mini', ${inputs})\nconsole.log(response)\n`;
  await writeFile(join(path, 'streamed.ts'), `${sample('{ stream: true }')}console.log('and', 2)\n`);
  await writeFile(join(path, 'whole.ts'), sample('{}'));
  const { baseURL, requests } = await fake(t, answer);
  const run = await node(baseURL, 'examples/run-sample.mjs', join(path, 'streamed.ts'), join(path, 'whole.ts'));
  assert.deepEqual(run, { stdout: 'Entropy grows.\nand 2\nEnergy stays.\n', stderr: '' });
  assert.equal(requests[0].headers.authorization, 'Bearer sk-aig-1');
});
