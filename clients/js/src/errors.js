// What a call can fail with, and how the failure is read out of an answer.

/** The call could not be sent as it was given, or the binding itself failed. */
export class AiInternalError extends Error {
  constructor(message) {
    super(message);
    this.name = 'AiInternalError';
  }
}

/** The model, its vendor or the gateway refused or failed. `name` may be another: the one the answer gives. */
export class InferenceUpstreamError extends Error {
  constructor(message, name = 'InferenceUpstreamError', details = {}) {
    super(message);
    this.name = name;
    this.status = details.status;
    this.code = details.code;
    this.internalCode = details.internalCode;
  }
}

/** A method of `AI.gateway(id)` failed. */
export class AiGatewayInternalError extends Error {
  constructor(message) {
    super(message);
    this.name = 'AiGatewayInternalError';
  }
}

/** The gateway has no such log. */
export class AiGatewayLogNotFound extends Error {
  constructor(message) {
    super(message);
    this.name = 'AiGatewayLogNotFound';
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error of a failed `run`. A body with an `internalCode` names its own error; one with `errors` does not. */
export async function runError(response) {
  const { status } = response;
  const text = await response.text();
  const body = parsed(text);
  if (body?.internalCode) {
    const { internalCode } = body;
    const details = { status, code: internalCode, internalCode };
    return new InferenceUpstreamError(`${internalCode}: ${body.description}`, body.name, details);
  }
  const first = body?.errors?.[0];
  if (first) {
    return new InferenceUpstreamError(`${first.code}: ${first.message}`, undefined, { status, code: first.code });
  }
  return new InferenceUpstreamError(text || `status ${status} without a body`, undefined, { status });
}

/** The error of another call: the first message of the answer's `errors`, in the class that fits. */
export async function callError(response, Otherwise, { fallback = 'Internal Error' } = {}) {
  const text = await response.text();
  const body = parsed(text);
  if (body === undefined) return new Otherwise(text || fallback);
  return new Otherwise(body?.errors?.[0]?.message || fallback);
}
