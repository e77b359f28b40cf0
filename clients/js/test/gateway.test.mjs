// `AI.gateway(id)`, `AI.models()` and what the constructor takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AI, AiGatewayInternalError, AiGatewayLogNotFound, AiInternalError } from '../src/index.js';
import { fake, json } from './fake.mjs';

async function client(t, answer, transport) {
  const server = await fake(t, answer);
  return [new AI({ baseURL: server.baseURL, apiKey: 'k', account: 'a', transport }), server.requests];
}

test('getUrl', async (t) => {
  const [ai, requests] = await client(t, json({ result: { url: 'http://g/v1/a/mine/openai' }, success: true }));
  assert.equal(await ai.gateway('mine').getUrl('openai'), 'http://g/v1/a/mine/openai');
  await ai.gateway('mine', { beta: true }).getUrl();
  assert.deepEqual(requests.map(({ method, url }) => [method, url]), [
    ['GET', '/binding/ai-gateway/gateways/mine/url/openai'],
    ['GET', '/binding/ai-gateway/gateways/mine/url/universal'],
  ]);
  const [rest, restRequests] = await client(t, json({ result: 'http://g/v1/a/mine/' }), 'rest');
  assert.equal(await rest.gateway('mine').getUrl(), 'http://g/v1/a/mine/');
  assert.equal(restRequests[0].url, '/client/v4/accounts/a/ai-gateway/gateways/mine/url/universal');
  const [failing] = await client(t, json({ errors: [{ message: 'no gateway' }] }, { status: 400 }));
  await assert.rejects(failing.gateway('x').getUrl(), { name: 'AiGatewayInternalError', message: 'no gateway' });
});

test('getLog makes created_at a date', async (t) => {
  const log = { id: '01J', provider: 'openai', cached: false, created_at: '2026-01-02T03:04:05.678Z' };
  const [ai, requests] = await client(t, json({ result: log, success: true }));
  const found = await ai.gateway('mine').getLog('01J/x');
  assert.deepEqual(found, { ...log, created_at: new Date('2026-01-02T03:04:05.678Z') });
  assert.equal(requests[0].url, '/binding/ai-gateway/gateways/mine/logs/01J%2Fx');
  const [tunnel, tunnelled] = await client(t, json({ result: log }), 'tunnel');
  await tunnel.gateway('mine').getLog('1');
  assert.equal(tunnelled[0].method, 'GET');
  assert.equal(tunnelled[0].headers['x-forwarded'], 'https://workers-binding.ai/ai-gateway/gateways/mine/logs/1');
});

test('patchLog wants exactly 200', async (t) => {
  const [ai, requests] = await client(t, json({ success: true }));
  await ai.gateway('mine').patchLog('1', { feedback: 1, score: 80, metadata: { n: 9n, s: 's' } });
  assert.equal(requests[0].method, 'PATCH');
  assert.equal(requests[0].url, '/binding/ai-gateway/gateways/mine/logs/1');
  assert.equal(requests[0].headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(requests[0].body), { feedback: 1, score: 80, metadata: { n: '9', s: 's' } });
  const [empty] = await client(t, { status: 204 });
  await assert.rejects(empty.gateway('mine').patchLog('1', {}), AiGatewayInternalError);
});

test('an unknown log is told apart', async (t) => {
  const [silent] = await client(t, json({ errors: [] }, { status: 404 }));
  await assert.rejects(silent.gateway('g').getLog('1'), { name: 'AiGatewayLogNotFound', message: 'Log Not Found' });
  const [speaking] = await client(t, json({ errors: [{ code: 7002, message: 'gone' }] }, { status: 404 }));
  await assert.rejects(speaking.gateway('g').patchLog('1', {}), AiGatewayLogNotFound);
  await assert.rejects(speaking.gateway('g').patchLog('1', {}), { message: 'gone' });
  const [broken] = await client(t, { status: 500, body: 'broken' });
  await assert.rejects(broken.gateway('g').getLog('1'), { name: 'AiGatewayInternalError', message: 'broken' });
});

test('run sends steps and says what the gateway is to do in headers', async (t) => {
  const [ai, requests] = await client(t, json({ id: 1 }, { status: 429 }));
  const step = {
    provider: 'openai', endpoint: 'chat/completions', query: { model: 'o4-mini' },
    headers: { 'cf-aig-cache-ttl': 60, 'cf-aig-skip-cache': false, 'cf-aig-metadata': { a: 1n }, Authorization: 'Bearer v' },
  };
  const response = await ai.gateway('mine').run(step, {
    gateway: {
      skipCache: false, cacheTtl: 0, cacheKey: 'key', metadata: { n: 5n, city: 'Köln 🚀' }, collectLog: true, eventId: 'e',
      requestTimeoutMs: 100, retries: { maxAttempts: 3, retryDelayMs: 10, backoff: 'linear' },
    },
    extraHeaders: { 'x-one': 'one' },
  });
  assert.equal(response.status, 429);
  const [{ method, url, headers, body }] = requests;
  assert.deepEqual([method, url], ['POST', '/binding/ai-gateway/universal/run/mine']);
  const told = Object.entries(headers).filter(([name]) => name.startsWith('cf-aig-'));
  assert.deepEqual(Object.fromEntries(told), {
    'cf-aig-skip-cache': 'false', 'cf-aig-cache-key': 'key', 'cf-aig-metadata': String.raw`{"n":"5","city":"K\u00f6ln \ud83d\ude80"}`,
    'cf-aig-collect-log': 'true', 'cf-aig-event-id': 'e', 'cf-aig-request-timeout': '100', 'cf-aig-max-attempts': '3',
    'cf-aig-retry-delay': '10', 'cf-aig-backoff': 'linear',
  });
  assert.equal(headers['x-one'], 'one');
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(body), [{
    ...step,
    headers: {
      'cf-aig-cache-ttl': '60', 'cf-aig-skip-cache': 'false', 'cf-aig-metadata': '{"a":"1"}', Authorization: 'Bearer v',
    },
  }]);
  assert.equal(step.headers['cf-aig-cache-ttl'], 60);
});

test('run without options says nothing; cacheTtl is sent unless zero', async (t) => {
  const [ai, requests] = await client(t, json({}));
  await ai.gateway('mine').run([{ provider: 'openai', endpoint: 'x', headers: {}, query: {} }]);
  await ai.gateway('mine').run([], { gateway: { cacheTtl: 60, skipCache: true } });
  assert.deepEqual(Object.keys(requests[0].headers).filter((name) => name.startsWith('cf-')), []);
  assert.equal(requests[1].headers['cf-aig-cache-ttl'], '60');
  assert.equal(requests[1].headers['cf-aig-skip-cache'], 'true');
  assert.equal(requests[1].body, '[]');
});

test('run by rest goes to the gateway host, where Authorization is the vendor\'s', async (t) => {
  const [ai, requests] = await client(t, json({}), 'rest');
  await ai.gateway('mine').run([], { extraHeaders: { authorization: 'Bearer vendor' } });
  assert.equal(requests[0].url, '/gateway/v1/a/mine');
  assert.equal(requests[0].headers['cf-aig-authorization'], 'Bearer k');
  assert.equal(requests[0].headers.authorization, 'Bearer vendor');
});

test('models', async (t) => {
  const found = [{ id: 'u', source: 2, name: 'openai/o4-mini', properties: [] }];
  const [ai, requests] = await client(t, json({ result: found, success: true }));
  assert.deepEqual(await ai.models({ author: 'openai', per_page: 50, task: undefined, search: 'o4 mini' }), found);
  await ai.models();
  assert.equal(requests[0].url, '/binding/ai-api/models/search?author=openai&per_page=50&search=o4+mini');
  assert.equal(requests[1].url, '/binding/ai-api/models/search');
  const [rest, restRequests] = await client(t, json({ result: found }), 'rest');
  await rest.models({ page: 2 });
  assert.equal(restRequests[0].url, '/client/v4/accounts/a/ai/models/search?page=2');
  const [failing] = await client(t, json({ errors: [{ code: 10000, message: 'who?' }] }, { status: 401 }));
  await assert.rejects(failing.models(), { name: 'AiInternalError', message: 'who?' });
});

test('the address and the key come from the constructor, else from the environment', async (t) => {
  const { requests, baseURL } = await fake(t, json({ result: [] }));
  const surroundings = process.env;
  process.env = { ...surroundings };
  t.after(() => (process.env = surroundings));
  delete process.env.AIGATEWAY_BASE_URL;
  delete process.env.AIGATEWAY_API_KEY;
  assert.throws(() => new AI({ apiKey: 'k' }), AiInternalError);
  assert.throws(() => new AI({ baseURL }), AiInternalError);
  assert.throws(() => new AI({ baseURL, apiKey: 'k', transport: 'pigeon' }), AiInternalError);
  assert.throws(() => new AI({ baseURL, apiKey: 'k', transport: 'constructor' }), AiInternalError);
  process.env.AIGATEWAY_BASE_URL = `${baseURL}/v1/`;
  process.env.AIGATEWAY_API_KEY = 'from-env';
  await new AI().models();
  await new AI({ baseURL: `${baseURL}/`, apiKey: 'given', transport: 'rest' }).models();
  assert.deepEqual(requests.map(({ url, headers }) => [url, headers.authorization]), [
    ['/binding/ai-api/models/search', 'Bearer from-env'],
    ['/client/v4/accounts/self/ai/models/search', 'Bearer given'],
  ]);
});
