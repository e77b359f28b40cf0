// What `run` sends, by each transport.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AI } from '../src/index.js';
import { chat, fake, json } from './fake.mjs';

const inputs = { messages: [{ role: 'user', content: 'Grüße' }] };
const bytes = (text) => new Response(text).body;

async function sent(t, transport, ...call) {
  const server = await fake(t, json(chat('Hi')));
  await new AI({ baseURL: server.baseURL, apiKey: 'sk-aig-1', account: 'acc_1', transport }).run(...call);
  assert.equal(server.requests.length, 1);
  return server.requests[0];
}

test('native: inputs and options are the body, the model is a header', async (t) => {
  const request = await sent(t, 'native', 'openai/o4-mini', inputs);
  assert.equal(request.method, 'POST');
  assert.equal(request.url, '/binding/run?version=3');
  assert.equal(request.body, JSON.stringify({ inputs, options: {} }));
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers['cf-consn-sdk-version'], '2.0.0');
  assert.equal(request.headers['cf-consn-model-id'], 'openai/o4-mini');
  assert.equal(request.headers.authorization, 'Bearer sk-aig-1');
});

test('native: a gateway is in the body and in the path', async (t) => {
  const request = await sent(t, 'native', 'openai/o4-mini', inputs, { gateway: { id: 'default', cacheTtl: 60 } });
  assert.equal(request.url, '/binding/ai-gateway/run?version=3');
  assert.deepEqual(JSON.parse(request.body), { inputs, options: { gateway: { id: 'default', cacheTtl: 60 } } });
});

test('native: options go into the body, but for the prefix, the headers and the signal', async (t) => {
  const request = await sent(t, 'native', 'openai/o4-mini', inputs, {
    queueRequest: true,
    tags: ['a', 'b'],
    rejectIfBusy: true,
    somethingNew: { x: 1 },
    prefix: 'try',
    extraHeaders: { 'x-one': 1, 'x-two': 'two', 'content-type': 'text/plain', authorization: 'Bearer other' },
    sessionOptions: { extraHeaders: { 'x-one': 'old', 'x-three': true } },
    signal: new AbortController().signal,
  });
  const options = { queueRequest: true, tags: ['a', 'b'], rejectIfBusy: true, somethingNew: { x: 1 } };
  assert.deepEqual(JSON.parse(request.body), { inputs, options });
  assert.equal(request.headers['cf-consn-model-id'], 'try:openai/o4-mini');
  assert.equal(request.headers['x-one'], '1');
  assert.equal(request.headers['x-two'], 'two');
  assert.equal(request.headers['x-three'], 'true');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers.authorization, 'Bearer sk-aig-1');
});

test('metadata that is a bigint goes as its digits, and the caller keeps its own', async (t) => {
  const metadata = { user: 12345678901234567890n, plan: 'free', ok: true, none: null };
  const request = await sent(t, 'native', 'openai/o4-mini', inputs, { gateway: { id: 'default', metadata } });
  assert.deepEqual(JSON.parse(request.body).options.gateway.metadata, {
    user: '12345678901234567890', plan: 'free', ok: true, none: null,
  });
  assert.equal(typeof metadata.user, 'bigint');
});

test('native: an input that is a stream is the body, the others are in the query', async (t) => {
  const audio = { body: bytes('RIFF'), contentType: 'audio/wav' };
  const request = await sent(t, 'native', '@cf/openai/whisper', { audio, language: 'de' }, {
    tags: ['a'], queueRequest: true, note: 'n', prefix: 'p', extraHeaders: { 'x-one': 'one' },
  });
  const url = new URL(request.url, 'http://x');
  assert.equal(url.pathname, '/binding/run');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    version: '3', userInputs: '{"language":"de"}', tags: '["a"]', queueRequest: 'true', note: 'n',
  });
  assert.equal(request.body, 'RIFF');
  assert.equal(request.headers['content-type'], 'audio/wav');
  assert.equal(request.headers['cf-consn-model-id'], 'p:@cf/openai/whisper');
  assert.equal(request.headers['x-one'], 'one');
});

test('native: a form brings its own content type', async (t) => {
  const form = new FormData();
  form.set('prompt', 'a cat');
  const request = await sent(t, 'native', '@cf/x/image', { multipart: { body: form } });
  const boundary = /^multipart\/form-data; ?boundary=(.+)$/.exec(request.headers['content-type'])[1];
  assert.ok(request.body.includes(boundary.replaceAll('"', '')));
  assert.match(request.body, /name="prompt"\r\n\r\na cat\r\n/);
});

test('native: a socket is asked for with everything in the query', async () => {
  const requests = [];
  const answer = new Response(null, { status: 426 });
  const fetch = async (url, init) => (requests.push([url, init]), answer);
  const ai = new AI({ baseURL: 'http://gateway', apiKey: 'k', fetch });
  const response = await ai.run('@cf/deepgram/nova-3', { encoding: 'linear16' }, { websocket: true });
  assert.equal(response, answer);
  const [[url, { method, headers }]] = requests;
  assert.equal(method, 'GET');
  assert.equal(headers.get('upgrade'), 'websocket');
  assert.equal(headers.get('cf-consn-model-id'), '@cf/deepgram/nova-3');
  const parsed = new URL(url);
  assert.equal(parsed.pathname, '/binding/run');
  assert.equal(parsed.searchParams.get('version'), '3');
  assert.deepEqual(JSON.parse(parsed.searchParams.get('body')), {
    inputs: { encoding: 'linear16' }, options: { websocket: true },
  });
});

test('tunnel: the same request, with its address in a header', async (t) => {
  const request = await sent(t, 'tunnel', 'openai/o4-mini', inputs, { gateway: { id: 'default' } });
  assert.equal(request.url, '/client/v4/accounts/acc_1/ai/run/proxy');
  assert.equal(request.headers['x-forwarded'], 'https://workers-binding.ai/ai-gateway/run?version=3');
  assert.equal(request.headers['cf-consn-model-id'], 'openai/o4-mini');
  assert.equal(request.headers.authorization, 'Bearer sk-aig-1');
  assert.deepEqual(JSON.parse(request.body), { inputs, options: { gateway: { id: 'default' } } });
});

test('rest: the model is in the path and the inputs are the body', async (t) => {
  const request = await sent(t, 'rest', '@cf/meta/llama-3.1-8b-instruct', inputs, { queueRequest: true });
  assert.equal(request.url, '/client/v4/accounts/acc_1/ai/run/%40cf%2Fmeta%2Fllama-3.1-8b-instruct?queueRequest=true');
  assert.equal(request.body, JSON.stringify(inputs));
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers.authorization, 'Bearer sk-aig-1');
  assert.equal(request.headers['cf-aig-gateway-id'], undefined);
});

test('rest: a gateway is headers, other options are beside the inputs', async (t) => {
  const request = await sent(t, 'rest', 'openai/o4-mini', inputs, {
    gateway: { id: 'mine', skipCache: true, metadata: { n: 5n } }, rejectIfBusy: true, returnRawResponse: true,
  });
  assert.equal(request.headers['cf-aig-gateway-id'], 'mine');
  assert.equal(request.headers['cf-aig-skip-cache'], 'true');
  assert.equal(request.headers['cf-aig-metadata'], '{"n":"5"}');
  assert.deepEqual(JSON.parse(request.body), { ...inputs, options: { rejectIfBusy: true } });
});

test('what cannot be sent is refused before any request', async (t) => {
  const server = await fake(t, json({}));
  const refused = async (transport, call, message) => {
    const ai = new AI({ baseURL: server.baseURL, apiKey: 'k', transport });
    await assert.rejects(ai.run(...call), { name: 'AiInternalError', message });
  };
  const one = { body: bytes('1'), contentType: 'audio/wav' };
  await refused('native', ['m', { a: one, b: 1, c: { ...one } }],
    'Multiple ReadableStreams are not supported. Found streams in keys: [a, c]');
  await refused('native', ['m', { a: { body: bytes('1') } }], 'Content-Type is required with ReadableStream inputs');
  await refused('native', ['m', { a: bytes('1') }], 'Content-Type is required with ReadableStream inputs');
  await refused('native', ['m', { a: one }, { gateway: { id: 'default' } }],
    'AI Gateway does not support ReadableStreams yet.');
  await refused('rest', ['m', { a: one }], 'The rest transport does not take ReadableStreams; use native.');
  await refused('rest', ['m', {}, { websocket: true }], 'The rest transport has no web sockets; use native.');
  assert.equal(server.requests.length, 0);
});
