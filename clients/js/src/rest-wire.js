// The REST API: the model in the path, its inputs as the body, the output inside an envelope.

import { AiInternalError } from './errors.js';
import { bodyOptions, callerHeaders, gatewayHeaders, modelName, query } from './options.js';
import { streamInput } from './stream-input.js';
import { Wire } from './wire.js';

export class RestWire extends Wire {
  modelsPath = '/ai/models/search';
  #connection;

  constructor(connection) {
    super();
    this.#connection = connection;
  }

  async run(model, inputs, options) {
    if (options.websocket) throw new AiInternalError('The rest transport has no web sockets; use native.');
    if (streamInput(inputs, options)) {
      throw new AiInternalError('The rest transport does not take ReadableStreams; use native.');
    }
    const { gateway, queueRequest, returnRawResponse, ...others } = bodyOptions(options);
    const path = `/ai/run/${encodeURIComponent(modelName(model, options))}${query({ queueRequest })}`;
    const body = JSON.stringify(Object.keys(others).length === 0 ? inputs : { ...inputs, options: others });
    return this.send('POST', path, { headers: runHeaders(gateway, options), body, signal: options.signal });
  }

  isValue(response) {
    return /^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '');
  }

  unwrap(value) {
    return value !== null && typeof value === 'object' && 'result' in value ? value.result : value;
  }

  send(method, path, init = {}) {
    return this.#connection.send(`/client/v4/accounts/${this.#connection.account}${path}`, { ...init, method });
  }

  /** The REST API has no route for steps; the gateway's own host has. */
  sendUniversal(gateway, init) {
    const path = `/gateway/v1/${this.#connection.account}/${gateway}`;
    return this.#connection.sendToGateway(path, { ...init, method: 'POST' });
  }
}

function runHeaders(gateway, options) {
  const headers = gatewayHeaders(gateway);
  if (gateway?.id) headers.set('cf-aig-gateway-id', gateway.id);
  callerHeaders(options).forEach((value, name) => headers.set(name, value));
  headers.set('content-type', 'application/json');
  return headers;
}
