// What `run` makes of an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AI, InferenceUpstreamError } from '../src/index.js';
import { chat, chunk, fake, json, sse } from './fake.mjs';

async function client(t, answer, transport) {
  const { baseURL } = await fake(t, answer);
  return new AI({ baseURL, apiKey: 'k', transport });
}

const text = (stream) => new Response(stream).text();

test('JSON is a value, and the fields of the answer are kept', async (t) => {
  const ai = await client(t, json(chat('Hi'), { headers: { 'cf-ai-req-id': 'req-1', 'cf-aig-log-id': 'log-1' } }));
  assert.deepEqual([ai.lastRequestId, ai.aiGatewayLogId, ai.lastRequestHttpStatusCode], [null, null, null]);
  assert.deepEqual(await ai.run('openai/o4-mini', {}), chat('Hi'));
  assert.deepEqual([ai.lastRequestId, ai.aiGatewayLogId, ai.lastRequestHttpStatusCode], ['req-1', 'log-1', 200]);
  assert.equal(ai.lastRequestInternalStatusCode, null);
});

test('values of every kind', async (t) => {
  for (const value of [{ shape: [1, 2], data: [[1, 2]] }, [{ label: 'a', score: 1 }], 'text', 7, true, null]) {
    const ai = await client(t, json(value));
    assert.deepEqual(await ai.run('@cf/x/y', {}), value);
  }
});

test('any other content type is a stream of bytes, JSON with a charset too', async (t) => {
  for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'image/png', 'text/event-stream']) {
    const ai = await client(t, { headers: { 'content-type': type }, body: '{"a":1}' });
    const stream = await ai.run('@cf/x/y', {});
    assert.ok(stream instanceof ReadableStream, type);
    assert.equal(await text(stream), '{"a":1}');
  }
});

test('a stream comes as it is sent, in bytes', async (t) => {
  const ai = await client(t, sse([chunk({ role: 'assistant', content: '' }), chunk({ content: 'Hi' })]));
  const stream = await ai.run('openai/o4-mini', { stream: true });
  const { value } = await stream.getReader().read();
  assert.ok(value instanceof Uint8Array);
  assert.match(new TextDecoder().decode(value), /^data: \{/);
});

test('the raw response is handed over whatever its status', async (t) => {
  for (const status of [200, 429]) {
    const ai = await client(t, json({ errors: [] }, { status, headers: { 'cf-ai-req-id': 'r' } }));
    const response = await ai.run('openai/o4-mini', {}, { returnRawResponse: true });
    assert.ok(response instanceof Response);
    assert.equal(response.status, status);
    assert.deepEqual([ai.lastRequestId, ai.lastRequestHttpStatusCode], ['r', status]);
  }
});

test('rest: the envelope is taken off, with or without a charset', async (t) => {
  for (const type of ['application/json', 'application/json; charset=utf-8']) {
    const body = JSON.stringify({ result: chat('Hi'), success: true, errors: [], messages: [] });
    const ai = await client(t, { headers: { 'content-type': type }, body }, 'rest');
    const answer = await ai.run('openai/o4-mini', {});
    assert.deepEqual(answer, chat('Hi'));
    assert.equal(answer.outputText, 'Hi');
  }
});

const gatewayError = {
  success: false, result: [], messages: [], error: [{ code: 2003, message: 'Rate limited' }], name: 'AiGatewayError',
  httpCode: 429, internalCode: 2003, message: 'Rate limited', description: 'Too many', requestId: 'r',
};
const failures = [
  ['a body that names its error', { name: 'AiError', internalCode: 5006, description: 'bad', message: 'bad: x' }, 400,
    'AiError', '5006: bad', 5006, 5006],
  ['the gateway\'s own', gatewayError, 429, 'AiGatewayError', '2003: Too many', 2003, 2003],
  ['an internal code without a name', { internalCode: 7, description: 'd' }, 500, 'InferenceUpstreamError', '7: d', 7, 7],
  ['an envelope', { success: false, result: null, errors: [{ code: 7003, message: 'no such model' }], messages: [] }, 404,
    'InferenceUpstreamError', '7003: no such model', 7003, null],
  ['JSON of another kind', { error: 'Request not found' }, 404,
    'InferenceUpstreamError', '{"error":"Request not found"}', undefined, null],
  ['JSON that is null', null, 500, 'InferenceUpstreamError', 'null', undefined, null],
];

for (const [what, body, status, name, message, code, internal] of failures) {
  test(`an error is thrown: ${what}`, async (t) => {
    const ai = await client(t, json(body, { status, headers: { 'cf-ai-req-id': 'r' } }));
    await assert.rejects(ai.run('openai/o4-mini', { stream: true }), (error) => {
      assert.ok(error instanceof InferenceUpstreamError);
      assert.deepEqual([error.name, error.message, error.status, error.code], [name, message, status, code]);
      return true;
    });
    assert.deepEqual([ai.lastRequestId, ai.lastRequestHttpStatusCode], ['r', status]);
    assert.equal(ai.lastRequestInternalStatusCode, internal);
  });
}

test('an error that is not JSON is its text', async (t) => {
  const ai = await client(t, { status: 502, body: 'Bad gateway' });
  await assert.rejects(ai.run('m', {}), { name: 'InferenceUpstreamError', message: 'Bad gateway' });
  const silent = await client(t, { status: 500 });
  await assert.rejects(silent.run('m', {}), { name: 'InferenceUpstreamError', message: 'status 500 without a body' });
});

test('a success without a body is an error', async (t) => {
  const ai = await client(t, { status: 204 });
  await assert.rejects(ai.run('m', {}), { name: 'InferenceUpstreamError', message: 'status 204 without a body' });
});

test('a second run forgets the error of the first', async (t) => {
  let count = 0;
  const ai = await client(t, () => (count++ === 0 ? json(gatewayError, { status: 429 }) : json(chat('Hi'))));
  await assert.rejects(ai.run('m', {}));
  assert.equal(ai.lastRequestInternalStatusCode, 2003);
  await ai.run('m', {});
  assert.deepEqual([ai.lastRequestInternalStatusCode, ai.lastRequestHttpStatusCode], [null, 200]);
});

test('a run that gets no answer forgets the one before', async (t) => {
  const ai = await client(t, json(chat('Hi'), { headers: { 'cf-ai-req-id': 'r', 'cf-aig-log-id': 'l' } }));
  await ai.run('m', {});
  await assert.rejects(ai.run('m', { a: { body: new Response('1').body } }), { name: 'AiInternalError' });
  assert.deepEqual([ai.lastRequestId, ai.aiGatewayLogId, ai.lastRequestHttpStatusCode], [null, null, null]);
});

test('a signal ends a call that waits, and a stream that runs', async (t) => {
  const begun = { headers: { 'content-type': 'text/event-stream' }, pieces: ['data: {}\n\n'], body: null };
  const ai = await client(t, begun);
  const leaving = new AbortController();
  const stream = await ai.run('m', { stream: true }, { signal: leaving.signal });
  const reader = stream.getReader();
  await reader.read();
  leaving.abort();
  await assert.rejects(reader.read(), { name: 'AbortError' });
  await assert.rejects(ai.run('m', {}, { signal: leaving.signal }), { name: 'AbortError' });
});
