// `env.AI`.

import { AiGateway } from './ai-gateway.js';
import { BindingWire } from './binding-wire.js';
import { Connection } from './connection.js';
import { AiInternalError, callError, runError } from './errors.js';
import { describe } from './output.js';
import { RestWire } from './rest-wire.js';

const WIRES = {
  native: (connection) => new BindingWire(connection, { isTunnel: false }),
  tunnel: (connection) => new BindingWire(connection, { isTunnel: true }),
  rest: (connection) => new RestWire(connection),
};

export class AI {
  #wire;

  // What the last `run` said about itself. Of runs side by side, the one that was answered last.
  aiGatewayLogId = null;
  lastRequestId = null;
  lastRequestHttpStatusCode = null;
  lastRequestInternalStatusCode = null;

  constructor({ transport = 'native', ...place } = {}) {
    if (!Object.hasOwn(WIRES, transport)) throw new AiInternalError(`there is no transport "${transport}"`);
    this.#wire = WIRES[transport](new Connection(place));
  }

  /** Resolves to the model's output, a stream of its bytes, or the response, as the inputs and options ask. */
  async run(model, inputs, options = {}) {
    this.#note({});
    const response = await this.#wire.run(model, inputs, options ?? {});
    this.#note(response);
    if (options?.returnRawResponse || options?.websocket) return response;
    if (!response.ok || !response.body) throw this.#noteCode(await runError(response));
    if (!this.#wire.isValue(response)) return response.body;
    return describe(this.#wire.unwrap(await response.json()));
  }

  /** The gateway of that name; its second argument is taken and has no meaning here. */
  gateway(id) {
    return new AiGateway(this.#wire, id);
  }

  async models(parameters = {}) {
    const response = await this.#wire.models(parameters);
    if (response.status !== 200) throw await callError(response, AiInternalError);
    return (await response.json()).result;
  }

  #note({ headers, status }) {
    this.lastRequestId = headers?.get('cf-ai-req-id') ?? null;
    this.aiGatewayLogId = headers?.get('cf-aig-log-id') ?? null;
    this.lastRequestHttpStatusCode = status ?? null;
    this.lastRequestInternalStatusCode = null;
  }

  #noteCode(error) {
    this.lastRequestInternalStatusCode = error.internalCode ?? null;
    return error;
  }
}
