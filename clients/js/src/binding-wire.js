// The routes of a binding: under the gateway's `/binding`, or through the tunnel of the REST API.

import { bodyOptions, callerHeaders, modelName, query } from './options.js';
import { streamInput } from './stream-input.js';
import { Wire } from './wire.js';

const SDK_VERSION = '2.0.0';
const BINDING_ORIGIN = 'https://workers-binding.ai';

export class BindingWire extends Wire {
  modelsPath = '/ai-api/models/search';
  #connection;
  #isTunnel;

  constructor(connection, { isTunnel }) {
    super();
    this.#connection = connection;
    this.#isTunnel = isTunnel;
  }

  async run(model, inputs, options) {
    if (options.websocket) return this.#runOnSocket(model, inputs, options);
    const stream = streamInput(inputs, options);
    return stream ? this.#runStream(model, stream, options) : this.#runInputs(model, inputs, options);
  }

  /** Exactly this content type is a value; anything else, a charset included, is a stream of bytes. */
  isValue(response) {
    return response.headers.get('content-type') === 'application/json';
  }

  unwrap(value) {
    return value;
  }

  send(method, path, { headers, ...init } = {}) {
    if (!this.#isTunnel) return this.#connection.send(`/binding${path}`, { ...init, method, headers });
    const forwarded = new Headers(headers);
    forwarded.set('x-forwarded', BINDING_ORIGIN + path);
    const tunnel = `/client/v4/accounts/${this.#connection.account}/ai/run/proxy`;
    return this.#connection.send(tunnel, { ...init, method, headers: forwarded });
  }

  sendUniversal(gateway, init) {
    return this.send('POST', `/ai-gateway/universal/run/${gateway}`, init);
  }

  #runInputs(model, inputs, options) {
    const path = options.gateway?.id ? '/ai-gateway/run?version=3' : '/run?version=3';
    const headers = runHeaders(model, options, 'application/json');
    const body = JSON.stringify({ inputs, options: bodyOptions(options) });
    return this.send('POST', path, { headers, body, signal: options.signal });
  }

  #runStream(model, { body, contentType, others }, options) {
    const headers = runHeaders(model, options, contentType);
    const words = { version: '3', userInputs: JSON.stringify(others), ...spelled(bodyOptions(options)) };
    return this.send('POST', `/run${query(words)}`, { headers, body, signal: options.signal });
  }

  #runOnSocket(model, inputs, options) {
    const headers = runHeaders(model, options);
    headers.set('upgrade', 'websocket');
    const body = JSON.stringify({ inputs, options: bodyOptions(options) });
    return this.send('GET', `/run${query({ version: '3', body })}`, { headers, signal: options.signal });
  }
}

/** The caller's headers, and the fixed ones, which win over them. */
function runHeaders(model, options, contentType) {
  const headers = callerHeaders(options);
  if (contentType) headers.set('content-type', contentType);
  headers.set('cf-consn-sdk-version', SDK_VERSION);
  headers.set('cf-consn-model-id', modelName(model, options));
  return headers;
}

/** Options as words of a query: what is not text already becomes JSON. */
function spelled(options) {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
