// Where the gateway is and who calls it.

import { AiInternalError } from './errors.js';

function fromEnvironment(name) {
  try {
    return globalThis.process?.env?.[name];
  } catch {
    // Deno asks for leave to read the environment, and may not get it.
    return undefined;
  }
}

/** The origin without the slash at its end; `/v1`, which OpenAI's clients want, is taken off. */
function origin(baseURL) {
  return baseURL.replace(/\/+$/, '').replace(/\/v1$/, '');
}

export class Connection {
  #key;
  #fetch;

  constructor({ baseURL, apiKey, account = 'self', fetch }) {
    const base = baseURL ?? fromEnvironment('AIGATEWAY_BASE_URL');
    if (!base) throw new AiInternalError('no base URL: give baseURL or set AIGATEWAY_BASE_URL');
    this.#key = apiKey ?? fromEnvironment('AIGATEWAY_API_KEY');
    if (!this.#key) throw new AiInternalError('no API key: give apiKey or set AIGATEWAY_API_KEY');
    this.base = origin(String(base));
    this.account = encodeURIComponent(account);
    // Browsers and Workers want `fetch` called on the global object.
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
  }

  /** Sends a request with the key in `Authorization`, whatever the caller's own headers say. */
  send(path, { headers, ...init }) {
    return this.#send(path, headers, 'authorization', init);
  }

  /** The same for the provider-shaped routes, whose `Authorization` is the vendor's. */
  sendToGateway(path, { headers, ...init }) {
    return this.#send(path, headers, 'cf-aig-authorization', init);
  }

  #send(path, given, credential, init) {
    const headers = new Headers(given);
    headers.set(credential, `Bearer ${this.#key}`);
    // The one way in which every `fetch` takes a body that is a stream.
    const duplex = init.body instanceof ReadableStream ? { duplex: 'half' } : {};
    return this.#fetch(`${this.base}${path}`, { ...init, ...duplex, headers });
  }
}
