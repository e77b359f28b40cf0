// Reads answers with nothing but `fetch`.
//
//   AIGATEWAY_BASE_URL=http://127.0.0.1:8080/v1 AIGATEWAY_API_KEY=sk-aig-... node --test Tests/Clients/js/chat.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';

const base = process.env.AIGATEWAY_BASE_URL;
const key = process.env.AIGATEWAY_API_KEY;
const models = ['openai/o4-mini', 'openai/o3-mini', 'openai/gpt-4.1-mini', 'openai/gpt-5.4-mini'];
const hello = [{ role: 'user', content: 'Grüße, 日本語, 🚀' }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get current weather for a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

function post(body, options = {}) {
  return fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${options.key ?? key}`, 'Content-Type': 'application/json', ...options.headers },
    body: JSON.stringify(body),
    signal: options.signal,
  });
}

async function whole(body) {
  const answer = await post(body);
  assert.equal(answer.status, 200);
  return answer.json();
}

// The data of each event, as it comes.
async function* events(answer) {
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^text\/event-stream/);
  let rest = '';
  for await (const text of answer.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      for (const line of block.split('\n')) {
        if (line.startsWith(':')) continue;
        assert.ok(line.startsWith('data: '), line);
        yield line.slice(6);
      }
    }
  }
  assert.equal(rest, '');
}

async function chunks(body, options) {
  const found = [];
  for await (const data of events(await post({ ...body, stream: true }, options))) found.push(data);
  assert.equal(found.pop(), '[DONE]');
  return found.map((data) => JSON.parse(data));
}

const joined = (found, name) => found.map((chunk) => chunk.choices[0]?.delta[name] ?? '').join('');

for (const model of models) {
  test(`${model}: streamed equals whole`, async () => {
    const body = { model, messages: hello };
    const found = await chunks(body);
    const { choices: [choice], usage } = await whole(body);
    assert.equal(joined(found, 'content'), choice.message.content);
    assert.equal(joined(found, 'reasoning_content'), choice.message.reasoning_content ?? '');
    assert.deepEqual(found.at(-1).usage, usage);
    assert.equal(new Set(found.map((chunk) => `${chunk.id} ${chunk.created} ${chunk.model}`)).size, 1);
  });

  test(`${model}: tool calls join by index`, async () => {
    const messages = [{ role: 'user', content: 'What is the weather in Tokyo and in Paris?' }];
    const found = await chunks({ model, messages, tools: [weather] });
    const calls = [];
    for (const { choices: [{ delta }] } of found) {
      for (const { index, function: { name, arguments: piece } } of delta.tool_calls ?? []) {
        calls[index] ??= { name, text: '' };
        calls[index].text += piece;
      }
    }
    assert.deepEqual(calls.map(({ name, text }) => [name, JSON.parse(text).city]), [
      ['get_weather', 'Tokyo'],
      ['get_weather', 'Paris'],
    ]);
    assert.equal(found.at(-1).choices[0].finish_reason, 'tool_calls');
  });
}

test('usage has a chunk of its own when asked for', async () => {
  const found = await chunks({ model: models[0], messages: hello, stream_options: { include_usage: true } });
  assert.deepEqual(found.at(-1).choices, []);
  assert.ok(found.at(-1).usage.total_tokens > 0);
  assert.ok(found.slice(0, -1).every((chunk) => chunk.choices.length === 1 && !chunk.usage));
});

test('a character split over two writes is whole', async () => {
  const body = { model: models[2], messages: hello };
  const split = await chunks(body, { headers: { 'x-sandbox-fault': 'split-utf8' } });
  assert.equal(joined(split, 'content'), (await whole(body)).choices[0].message.content);
});

test('an error has its envelope', async () => {
  const answer = await post({ model: models[0], messages: hello, stream: true }, { key: 'sk-aig-wrong' });
  assert.equal(answer.status, 401);
  const { error } = await answer.json();
  assert.equal(error.type, 'authentication_error');
  assert.equal(error.request_id, answer.headers.get('x-request-id'));
});

test('a reader may leave in the middle', async () => {
  const leaving = new AbortController();
  const body = { model: models[2], messages: [{ role: 'user', content: 'sandbox:tokens=5000' }], stream: true };
  const answer = await post(body, { signal: leaving.signal, headers: { 'x-sandbox-tokens-per-second': '50' } });
  await assert.rejects(async () => {
    for await (const data of events(answer)) {
      if (JSON.parse(data).choices[0].delta.content) leaving.abort();
    }
  }, { name: 'AbortError' });
  assert.ok((await whole({ model: models[2], messages: hello })).choices.length);
});
