// What both ways to the gateway have in common. A way gives `run`, `send`, `sendUniversal`, `modelsPath` and how to read its answers.

import { callerHeaders, gatewayHeaders, query } from './options.js';

const JSON_TYPE = 'application/json';

export class Wire {
  models(parameters) {
    return this.send('GET', `${this.modelsPath}${query(parameters)}`);
  }

  gatewayUrl(gateway, provider) {
    return this.send('GET', `${gatewayPath(gateway)}/url/${encodeURIComponent(provider)}`);
  }

  log(gateway, id) {
    return this.send('GET', `${gatewayPath(gateway)}/logs/${encodeURIComponent(id)}`);
  }

  patchLog(gateway, id, change) {
    const path = `${gatewayPath(gateway)}/logs/${encodeURIComponent(id)}`;
    return this.send('PATCH', path, { headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(change) });
  }

  universal(gateway, steps, { gateway: options, extraHeaders, signal }) {
    const headers = gatewayHeaders(options);
    headers.set('content-type', JSON_TYPE);
    callerHeaders({ extraHeaders }).forEach((value, name) => headers.set(name, value));
    return this.sendUniversal(encodeURIComponent(gateway), { headers, body: JSON.stringify(steps), signal });
  }
}

function gatewayPath(id) {
  return `/ai-gateway/gateways/${encodeURIComponent(id)}`;
}
