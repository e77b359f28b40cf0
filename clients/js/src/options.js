// What becomes of the options of a call: part of the body, a header, or neither.

/** JSON has no integers beyond doubles: they go as decimal strings. */
export function plainMetadata(metadata) {
  if (metadata === null || typeof metadata !== 'object') return metadata;
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  );
}

/** The options that go into the body, unknown ones included. */
export function bodyOptions({ prefix, extraHeaders, sessionOptions, signal, ...options } = {}) {
  if (options.gateway?.metadata) {
    options.gateway = { ...options.gateway, metadata: plainMetadata(options.gateway.metadata) };
  }
  return options;
}

/** The caller's own headers, the deprecated place for them first. */
export function callerHeaders(options) {
  const headers = new Headers();
  for (const extra of [options.sessionOptions?.extraHeaders, options.extraHeaders]) {
    for (const [name, value] of Object.entries(extra ?? {})) {
      if (value !== undefined && value !== null) headers.set(name, String(value));
    }
  }
  return headers;
}

/** The model as its header or path names it. */
export function modelName(model, { prefix } = {}) {
  return prefix ? `${prefix}:${model}` : model;
}

/** JSON for a header, which takes ASCII only: everything else is escaped. */
function headerJSON(value) {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What a gateway is to do with a call, as headers. */
export function gatewayHeaders(gateway = {}) {
  const headers = new Headers();
  const set = (name, value) => {
    if (value !== undefined) headers.set(name, String(value));
  };
  set('cf-aig-skip-cache', gateway.skipCache === undefined ? undefined : Boolean(gateway.skipCache));
  set('cf-aig-cache-ttl', gateway.cacheTtl || undefined);
  set('cf-aig-metadata', gateway.metadata ? headerJSON(plainMetadata(gateway.metadata)) : undefined);
  set('cf-aig-cache-key', gateway.cacheKey || undefined);
  set('cf-aig-collect-log', gateway.collectLog === undefined ? undefined : Boolean(gateway.collectLog));
  set('cf-aig-event-id', gateway.eventId);
  set('cf-aig-request-timeout', gateway.requestTimeoutMs);
  set('cf-aig-max-attempts', gateway.retries?.maxAttempts);
  set('cf-aig-retry-delay', gateway.retries?.retryDelayMs);
  set('cf-aig-backoff', gateway.retries?.backoff);
  return headers;
}

/** A query string of what is given, with its question mark; empty when nothing is. */
export function query(parameters = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  return String(search) === '' ? '' : `?${search}`;
}
