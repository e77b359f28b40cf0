export { AI } from './ai.js';
export { AiGateway } from './ai-gateway.js';
export { AiGatewayInternalError, AiGatewayLogNotFound, AiInternalError, InferenceUpstreamError } from './errors.js';
export { readText } from './text-stream.js';
