// Reads the text out of a streamed answer.

import { InferenceUpstreamError } from './errors.js';
import { deltaOf, textOf } from './output.js';

const LINE_END = /\r\n|\n|\r(?!$)/;

/** The data of each event of a `text/event-stream`, joined where it has several lines. */
async function* eventData(stream) {
  let rest = '';
  let data = [];
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + piece.value).split(LINE_END);
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
        if (line !== '' || data.length === 0) continue;
        yield data.join('\n');
        data = [];
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * The text of what `run` resolved to: of a whole answer at once, of a stream when it has ended.
 *
 * A stream can be read once, so it is used up. One that breaks off with an error throws that error.
 */
export async function readText(response) {
  if (!(response instanceof ReadableStream)) return textOf(response) ?? '';
  let text = '';
  for await (const data of eventData(response)) {
    if (data === '[DONE]') break;
    const event = JSON.parse(data);
    if (event?.error) {
      const { code, message } = event.error;
      throw new InferenceUpstreamError(`${code}: ${message}`, undefined, { code });
    }
    text += deltaOf(event);
  }
  return text;
}
