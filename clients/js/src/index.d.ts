/** How calls reach the gateway. */
export type Transport = 'native' | 'tunnel' | 'rest';

export interface AIConfiguration {
  /** Origin of the gateway, such as `http://127.0.0.1:8080`. Else `AIGATEWAY_BASE_URL`. */
  baseURL?: string;
  /** A key of the gateway, `sk-aig-…`. Else `AIGATEWAY_API_KEY`. */
  apiKey?: string;
  /** The account in the paths of `tunnel` and `rest`; without one, the key's own. */
  account?: string;
  /** `native` unless given. */
  transport?: Transport;
  /** Sends the requests instead of the global `fetch`. */
  fetch?: (url: string, init?: RequestInit) => Promise<Response>;
}

export type Metadata = Record<string, number | string | boolean | null | bigint>;

export interface GatewayRetries {
  maxAttempts?: 1 | 2 | 3 | 4 | 5;
  retryDelayMs?: number;
  backoff?: 'constant' | 'linear' | 'exponential';
}

export interface GatewayOptions {
  id: string;
  cacheKey?: string;
  cacheTtl?: number;
  skipCache?: boolean;
  metadata?: Metadata;
  collectLog?: boolean;
  eventId?: string;
  requestTimeoutMs?: number;
  retries?: GatewayRetries;
}

export interface AiOptions {
  gateway?: GatewayOptions;
  queueRequest?: boolean;
  returnRawResponse?: boolean;
  websocket?: boolean;
  rejectIfBusy?: boolean;
  tags?: string[];
  prefix?: string;
  extraHeaders?: Record<string, unknown>;
  /** @deprecated Use `extraHeaders`. */
  sessionOptions?: { extraHeaders?: Record<string, unknown> };
  signal?: AbortSignal;
  /** Options the binding does not know go into the body as they are. */
  [option: string]: unknown;
}

/** An input that is sent as the body of the request itself. */
export interface StreamInput {
  body: ReadableStream | FormData;
  contentType?: string;
}

export type AiInputs = Record<string, unknown>;

/** A model's output. */
export interface AiOutput {
  /** What the model said, when it answered in words. Not enumerable. */
  readonly outputText?: string;
  [key: string]: any;
}

export interface AiModelsSearchParams {
  author?: string;
  hide_experimental?: boolean;
  page?: number;
  per_page?: number;
  search?: string;
  source?: number;
  task?: string;
  [parameter: string]: string | number | boolean | undefined;
}

export interface AiModelsSearchObject {
  id: string;
  source: number;
  name: string;
  description: string;
  task: { id: string; name: string; description: string };
  tags: string[];
  properties: { property_id: string; value: unknown }[];
  created_at?: string;
}

export class AI {
  constructor(configuration?: AIConfiguration);
  readonly aiGatewayLogId: string | null;
  readonly lastRequestId: string | null;
  readonly lastRequestHttpStatusCode: number | null;
  readonly lastRequestInternalStatusCode: number | null;
  run(model: string, inputs: AiInputs, options: AiOptions & { returnRawResponse: true }): Promise<Response>;
  run(model: string, inputs: AiInputs, options: AiOptions & { websocket: true }): Promise<Response>;
  run(
    model: string,
    inputs: AiInputs & { stream: true },
    options?: AiOptions,
  ): Promise<ReadableStream<Uint8Array>>;
  run(model: string, inputs: AiInputs & { stream?: false }, options?: AiOptions): Promise<AiOutput>;
  run(model: string, inputs: AiInputs, options?: AiOptions): Promise<AiOutput | ReadableStream<Uint8Array>>;
  gateway(id: string, options?: { beta?: boolean }): AiGateway;
  models(parameters?: AiModelsSearchParams): Promise<AiModelsSearchObject[]>;
}

export type AIGatewayProviders =
  | 'workers-ai'
  | 'anthropic'
  | 'aws-bedrock'
  | 'azure-openai'
  | 'google-vertex-ai'
  | 'huggingface'
  | 'openai'
  | 'perplexity-ai'
  | 'replicate'
  | 'groq'
  | 'cohere'
  | 'google-ai-studio'
  | 'mistral'
  | 'grok'
  | 'openrouter'
  | 'deepseek'
  | 'cerebras'
  | 'cartesia'
  | 'elevenlabs'
  | 'adobe-firefly';

/** One of those that are known, or any other. */
export type Provider = AIGatewayProviders | (string & {});

export interface AIGatewayUniversalRequest {
  provider: Provider;
  endpoint: string;
  headers: Record<string, string | number | boolean | object | undefined>;
  query: unknown;
}

export interface AiGatewayLog {
  id: string;
  provider: string;
  model: string;
  model_type?: string;
  path: string;
  duration: number;
  request_type?: string;
  request_content_type?: string;
  status_code: number;
  response_content_type?: string;
  success: boolean;
  cached: boolean;
  tokens_in?: number;
  tokens_out?: number;
  metadata?: Metadata;
  step?: number;
  cost?: number;
  custom_cost?: boolean;
  request_size: number;
  request_head?: string;
  request_head_complete: boolean;
  response_size: number;
  response_head?: string;
  response_head_complete: boolean;
  created_at: Date;
}

export interface AiGatewayPatchLog {
  score?: number | null;
  feedback?: -1 | 1 | null;
  metadata?: Metadata | null;
}

export class AiGateway {
  private constructor();
  getUrl(provider?: Provider): Promise<string>;
  getLog(logId: string): Promise<AiGatewayLog>;
  patchLog(logId: string, change: AiGatewayPatchLog): Promise<void>;
  run(
    data: AIGatewayUniversalRequest | AIGatewayUniversalRequest[],
    options?: {
      gateway?: Omit<GatewayOptions, 'id'> & { id?: string };
      extraHeaders?: Record<string, unknown>;
      signal?: AbortSignal;
    },
  ): Promise<Response>;
}

/** The call could not be sent as it was given, or the binding itself failed. */
export class AiInternalError extends Error {
  constructor(message: string);
}

/** The model, its vendor or the gateway refused or failed. `name` may be the one the answer gives, as `AiError`. */
export class InferenceUpstreamError extends Error {
  constructor(message: string, name?: string, details?: { status?: number; code?: number; internalCode?: number });
  readonly status?: number;
  readonly code?: number;
  readonly internalCode?: number;
}

/** A method of `AI.gateway(id)` failed. */
export class AiGatewayInternalError extends Error {
  constructor(message: string);
}

/** The gateway has no such log. */
export class AiGatewayLogNotFound extends Error {
  constructor(message: string);
}

/** The text of what `run` resolved to; a stream is read to its end and used up. */
export function readText(response: unknown): Promise<string>;
