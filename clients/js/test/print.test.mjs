// What prints what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { AI, readText } from '../src/index.js';
import { chat, chunk, fake, json, sse } from './fake.mjs';

async function run(t, answer, inputs = {}) {
  const { baseURL } = await fake(t, answer);
  return new AI({ baseURL, apiKey: 'k' }).run('openai/o4-mini', inputs);
}

test('an answer prints as its text', async (t) => {
  const answer = await run(t, json(chat('Hello, 日本語')));
  assert.equal(answer.outputText, 'Hello, 日本語');
  assert.equal(format(answer), 'Hello, 日本語');
  assert.equal(format('%s!', answer), 'Hello, 日本語!');
  assert.equal(inspect(answer), 'Hello, 日本語');
});

test('and is in every other way the object that came', async (t) => {
  const answer = await run(t, json(chat('Hi')));
  assert.deepEqual(answer, chat('Hi'));
  assert.equal(JSON.stringify(answer), JSON.stringify(chat('Hi')));
  assert.deepEqual(Reflect.ownKeys({ ...answer }), Object.keys(chat('Hi')));
  assert.deepEqual(structuredClone(answer), chat('Hi'));
  assert.equal(inspect(answer, { customInspect: false }), inspect(chat('Hi')));
});

test('the text follows the object', async (t) => {
  const answer = await run(t, json(chat('Hi')));
  answer.choices[0].message.content = 'Bye';
  assert.equal(answer.outputText, 'Bye');
});

test('an answer without words prints as the object it is', async (t) => {
  const call = chat(null);
  call.choices[0].message.tool_calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
  const answer = await run(t, json(call));
  assert.equal(answer.outputText, '');
  assert.equal(inspect(answer, { depth: 9 }), inspect(call, { depth: 9 }));
});

const said = [
  ['parts of a message', { choices: [{ message: { content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] } }] }],
  ['Responses', {
    object: 'response', output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [{ type: 'output_text', text: 'a' }, { type: 'output_text', text: 'b' }] },
    ],
  }],
  ['Messages', { type: 'message', content: [{ type: 'thinking' }, { type: 'text', text: 'ab' }] }],
  ['a hosted model', { response: 'ab', usage: {} }],
];
for (const [what, value] of said) {
  test(`text of ${what}`, async (t) => {
    const answer = await run(t, json(value));
    assert.equal(answer.outputText, 'ab');
    assert.equal(await readText(answer), 'ab');
  });
}

test('other outputs are left alone', async (t) => {
  for (const value of [{ response: { a: 1 } }, { data: [[1]] }, { state: 'Completed', result: { image: 'u' } }]) {
    const answer = await run(t, json(value));
    assert.equal(Object.getOwnPropertyNames(answer).includes('outputText'), false);
    assert.equal(inspect(answer), inspect(value));
  }
});

test('the text of a stream, whatever its dialect', async (t) => {
  const streams = [
    [chunk({ role: 'assistant' }), chunk({ content: 'Grü' }), chunk({ content: 'ße' }), { choices: [], usage: {} }],
    [{ type: 'response.output_text.delta', delta: 'Grüße' }, { type: 'response.completed' }],
    [{ type: 'content_block_delta', delta: { type: 'text_delta', text: 'Grüße' } }],
    [{ response: 'Grü' }, { response: 'ße', usage: {} }],
  ];
  for (const events of streams) assert.equal(await readText(await run(t, sse(events), { stream: true })), 'Grüße');
});

test('a stream cut anywhere is read right', async () => {
  const bytes = new TextEncoder().encode(
    `: hello\r\n\r\ndata: ${JSON.stringify(chunk({ content: 'Grü' }))}\r\n\r\n` +
      `event: x\r\ndata: {"choices":[{"delta":\r\ndata: {"content":"ße🚀"}}]}\r\n\r\ndata: [DONE]\n\ndata: not json\n\n`,
  );
  for (let size = 1; size < 40; size++) {
    const cut = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    assert.equal(await readText(cut), 'Grüße🚀');
  }
});

test('a stream that breaks off with an error throws it', async (t) => {
  const stream = await run(t, sse([chunk({ content: 'a' }), { error: { code: 3040, message: 'full' } }]), { stream: true });
  await assert.rejects(readText(stream), { name: 'InferenceUpstreamError', message: '3040: full', code: 3040 });
});

test('nothing prints the key', () => {
  const ai = new AI({ baseURL: 'http://x', apiKey: 'sk-aig-secret' });
  assert.doesNotMatch(inspect(ai, { showHidden: true, depth: 9 }) + JSON.stringify(ai), /secret/);
});
