// A server that keeps every request and answers as told.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts the server for the length of a test. `answer` gets a request and gives its answer, or an object of one. */
export async function fake(t, answer) {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    const pieces = [];
    for await (const piece of incoming) pieces.push(piece);
    const request = {
      method: incoming.method, url: incoming.url, headers: incoming.headers, body: Buffer.concat(pieces).toString(),
    };
    requests.push(request);
    const { status = 200, headers = {}, body = '', pieces: parts } = typeof answer === 'function' ? answer(request) : answer;
    outgoing.writeHead(status, headers);
    for (const part of parts ?? []) outgoing.write(part);
    if (body !== null) outgoing.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, baseURL: `http://127.0.0.1:${server.address().port}` };
}

export const json = (value, more = {}) => ({
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
  body: JSON.stringify(value),
});

export const sse = (events) => ({
  headers: { 'content-type': 'text/event-stream' },
  pieces: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'],
});

export const chat = (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'o4-mini-2025-04-16',
  choices: [{ index: 0, message: { role: 'assistant', content, refusal: null, annotations: [] }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  gatewayMetadata: { keySource: 'Unified' },
});

export const chunk = (delta) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] });
