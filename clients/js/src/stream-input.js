// Inputs that are bytes: `{ body, contentType }`, sent as the body of the request itself.

import { AiInternalError } from './errors.js';

const isStream = (value) => value instanceof ReadableStream || value instanceof FormData;
const isStreamInput = (value) => isStream(value) || isStream(value?.body);

/** The one input that is a stream or a form, taken apart from the others; undefined when there is none. */
export function streamInput(inputs, options) {
  const keys = Object.keys(inputs ?? {}).filter((key) => isStreamInput(inputs[key]));
  if (keys.length === 0) return undefined;
  if (keys.length > 1) {
    throw new AiInternalError(
      `Multiple ReadableStreams are not supported. Found streams in keys: [${keys.join(', ')}]`,
    );
  }
  if (options.gateway?.id) throw new AiInternalError('AI Gateway does not support ReadableStreams yet.');
  const { [keys[0]]: found, ...others } = inputs;
  return { ...source(found), others };
}

function source(input) {
  const body = isStream(input) ? input : input.body;
  if (body instanceof FormData) {
    // A form's content type names the boundary between its parts, which is made with its bytes.
    const form = new Response(body);
    return { body: form.body, contentType: form.headers.get('content-type') };
  }
  if (!input.contentType) throw new AiInternalError('Content-Type is required with ReadableStream inputs');
  return { body, contentType: input.contentType };
}
