// The text of an answer, and how an answer prints.

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const isObject = (value) => value !== null && typeof value === 'object';
const joined = (parts, type) => parts.filter((part) => part?.type === type).map((part) => part.text).join('');

/** What the model said in a whole answer; undefined when the value is no answer in words. */
export function textOf(value) {
  if (!isObject(value)) return undefined;
  const message = Array.isArray(value.choices) ? value.choices[0]?.message : undefined;
  if (message) return Array.isArray(message.content) ? joined(message.content, 'text') : (message.content ?? '');
  if (value.object === 'response' && Array.isArray(value.output)) {
    return joined(value.output.flatMap((item) => item?.content ?? []), 'output_text');
  }
  if (value.type === 'message' && Array.isArray(value.content)) return joined(value.content, 'text');
  return typeof value.response === 'string' ? value.response : undefined;
}

/** What one event of a stream adds to the text. */
export function deltaOf(event) {
  if (!isObject(event)) return '';
  if (Array.isArray(event.choices)) return event.choices[0]?.delta?.content ?? '';
  if (event.type === 'response.output_text.delta') return event.delta ?? '';
  if (event.type === 'content_block_delta') return event.delta?.text ?? '';
  return typeof event.response === 'string' ? event.response : '';
}

/**
 * Gives an answer in words an `outputText`, and makes `console.log` print that text.
 *
 * Neither can be seen otherwise: the answer is written as JSON, copied and compared as if they were not there.
 */
export function describe(value) {
  if (textOf(value) === undefined || 'outputText' in value) return value;
  Object.defineProperty(value, 'outputText', { get: () => textOf(value), configurable: true });
  Object.defineProperty(value, INSPECT, {
    // An answer without words, such as the call of a tool, prints as the object it is.
    value: (_depth, options, inspect) => textOf(value) || (inspect ? inspect({ ...value }, options) : { ...value }),
    configurable: true,
  });
  return value;
}
