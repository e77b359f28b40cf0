// The binding against a running gateway, by one transport.
//
//   AIGATEWAY_BASE_URL=http://127.0.0.1:8080 AIGATEWAY_API_KEY=sk-aig-... AIGATEWAY_TRANSPORT=native \
//     node --test Tests/Clients/js/binding.mjs

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { AI, readText } from '../../../clients/js/src/index.js';

const transport = process.env.AIGATEWAY_TRANSPORT;
const models = ['openai/o4-mini', 'openai/o3-mini', 'openai/gpt-4.1-mini', 'openai/gpt-5.4-mini'];
const hello = [{ role: 'user', content: 'Grüße, 日本語, 🚀' }];
const throughDefault = { gateway: { id: 'default' } };
const connect = (more) => new AI({ transport, ...more });

for (const model of models) {
  test(`${model}: whole, streamed, with and without a gateway`, async () => {
    const ai = connect();
    const answer = await ai.run(model, { messages: hello });
    assert.equal(answer.object, 'chat.completion');
    assert.ok(answer.outputText);
    assert.equal(inspect(answer), answer.choices[0].message.content);
    assert.ok(['Unified', 'BYOK'].includes(answer.gatewayMetadata.keySource));
    assert.equal((await ai.run(model, { messages: hello }, throughDefault)).outputText, answer.outputText);
    for (const options of [undefined, throughDefault]) {
      const stream = await ai.run(model, { messages: hello, stream: true }, options);
      assert.ok(stream instanceof ReadableStream);
      assert.equal(await readText(stream), answer.outputText);
    }
  });
}

test('a call says what it was, and its log can be read and judged', async () => {
  const ai = connect();
  await ai.run(models[0], { messages: hello }, { gateway: { id: 'default', metadata: { user: 7n, plan: 'free' } } });
  assert.equal(ai.lastRequestHttpStatusCode, 200);
  const logs = ai.gateway('default');
  const log = await logs.getLog(ai.aiGatewayLogId);
  assert.equal(log.id, ai.aiGatewayLogId);
  assert.ok(log.created_at instanceof Date && !Number.isNaN(log.created_at.getTime()));
  assert.deepEqual([log.provider, log.success, log.status_code], ['openai', true, 200]);
  assert.deepEqual(log.metadata, { user: '7', plan: 'free' });
  await logs.patchLog(log.id, { feedback: 1, score: 90 });
  await assert.rejects(logs.getLog('01JNOSUCHLOG0000000000000'), { name: 'AiGatewayLogNotFound' });
  await assert.rejects(logs.patchLog('01JNOSUCHLOG0000000000000', { score: 1 }), { name: 'AiGatewayLogNotFound' });
});

test('a gateway knows where it is', async () => {
  const gateway = connect().gateway('default');
  const base = await gateway.getUrl();
  assert.match(base, /\/v1\/[^/]+\/default\/$/);
  const openai = await gateway.getUrl('openai');
  assert.equal(openai, `${base}openai`);
  const response = await fetch(`${openai}/chat/completions`, {
    method: 'POST',
    headers: { 'cf-aig-authorization': `Bearer ${process.env.AIGATEWAY_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'o4-mini', messages: hello }),
  });
  assert.equal(response.status, 200);
});

test('a gateway runs steps, and the first success counts', async () => {
  const step = (model) => ({ provider: 'openai', endpoint: 'chat/completions', headers: {}, query: { model, messages: hello } });
  const response = await connect().gateway('default').run([step('no-such-model'), step('o4-mini')]);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cf-aig-step'), '1');
  assert.ok((await response.json()).choices[0].message.content);
});

test('models can be searched', async () => {
  const found = await connect().models({ search: 'o4-mini', per_page: 50 });
  assert.ok(found.some(({ name }) => name === 'openai/o4-mini'));
  assert.deepEqual(await connect().models({ page: 1000 }), []);
});

test('errors are told apart', async () => {
  const ai = connect();
  await assert.rejects(ai.run('openai/no-such-model', { messages: hello }), { status: 404, code: 7003 });
  await assert.rejects(ai.run(models[0], { messages: hello, temperature: 2.01 }), { status: 400, code: 7003 });
  assert.equal(ai.lastRequestHttpStatusCode, 400);
  await assert.rejects(ai.run(models[0], { messages: hello }, { gateway: { id: 'no-such-gateway' } }), {
    status: 400, code: 2001,
  });
  const stranger = connect({ apiKey: 'sk-aig-wrong' });
  // The tunnel's own word for a key that does not count.
  const refusal = transport === 'tunnel' ? { status: 403, code: 1031 } : { status: 401 };
  await assert.rejects(stranger.run(models[0], { messages: hello }), refusal);
  await assert.rejects(stranger.models(), { name: 'AiInternalError' });
});

test('the raw response is handed over', async () => {
  const response = await connect().run(models[0], { messages: hello }, { returnRawResponse: true });
  assert.equal(response.status, 200);
  const refused = await connect().run('openai/no-such-model', {}, { returnRawResponse: true });
  assert.equal(refused.status, 404);
});

test('a reader may leave in the middle', async () => {
  const leaving = new AbortController();
  const slow = { messages: [{ role: 'user', content: 'sandbox:tokens=5000' }], stream: true };
  const headers = { 'x-sandbox-tokens-per-second': '50' };
  const stream = await connect().run(models[2], slow, { signal: leaving.signal, extraHeaders: headers });
  const reader = stream.getReader();
  await reader.read();
  leaving.abort();
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  }, { name: 'AbortError' });
  assert.ok((await connect().run(models[2], { messages: hello })).outputText);
});
