// `AI.gateway(id)`.

import { AiGatewayInternalError, AiGatewayLogNotFound, callError } from './errors.js';
import { plainMetadata } from './options.js';

export class AiGateway {
  #wire;
  #id;

  constructor(wire, id) {
    this.#wire = wire;
    this.#id = id;
  }

  /** Where the routes of a provider are; those of all without one. */
  async getUrl(provider = 'universal') {
    const response = await this.#wire.gatewayUrl(this.#id, provider);
    if (!response.ok) throw await callError(response, AiGatewayInternalError);
    const { result } = await response.json();
    return typeof result === 'string' ? result : result.url;
  }

  async getLog(logId) {
    const response = await this.#wire.log(this.#id, logId);
    if (response.status !== 200) throw await logError(response);
    const { result } = await response.json();
    return { ...result, created_at: new Date(result.created_at) };
  }

  async patchLog(logId, change) {
    const plain = change?.metadata ? { ...change, metadata: plainMetadata(change.metadata) } : change;
    const response = await this.#wire.patchLog(this.#id, logId, plain);
    if (response.status !== 200) throw await logError(response);
    await response.body?.cancel();
  }

  /** Runs a step, or steps of which the first success counts. Resolves to the response whatever its status. */
  async run(data, options = {}) {
    const steps = (Array.isArray(data) ? data : [data]).map(withTextHeaders);
    return this.#wire.universal(this.#id, steps, options);
  }
}

function logError(response) {
  if (response.status === 404) return callError(response, AiGatewayLogNotFound, { fallback: 'Log Not Found' });
  return callError(response, AiGatewayInternalError);
}

/** A step whose headers are text: numbers and booleans spelled out, objects as JSON. */
function withTextHeaders(step) {
  const headers = Object.entries(step.headers ?? {}).map(([name, value]) => {
    if (typeof value === 'number' || typeof value === 'boolean') return [name, String(value)];
    if (value === null || typeof value !== 'object') return [name, value];
    return [name, JSON.stringify(plainMetadata(value))];
  });
  return { ...step, headers: Object.fromEntries(headers) };
}
