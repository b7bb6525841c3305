/** What a Bot API answer carries besides the text when Telegram refuses. */
export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** A refusal in Telegram's own words; the HTTP status equals `code`. */
export class ApiError extends Error {
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description);
    this.name = 'ApiError';
    this.code = code;
    this.parameters = parameters;
  }
}

/**
 * A 400 as the Bot API server words it: the prefix, then the reason with a small first letter, except for
 * server constants such as BUTTON_DATA_INVALID.
 */
export function badRequest(reason: string): ApiError {
  const constant = /^.[_A-Z]/.test(reason);
  const words = constant ? reason : reason.charAt(0).toLowerCase() + reason.slice(1);
  return new ApiError(400, `Bad Request: ${words}`);
}

/** A 403, e.g. when the user has blocked the bot. */
export function forbidden(reason: string): ApiError {
  return new ApiError(403, `Forbidden: ${reason}`);
}

/** A 409, e.g. two programs polling with one token. */
export function conflict(reason: string): ApiError {
  return new ApiError(409, `Conflict: ${reason}`);
}

/** A 429; `seconds` is a whole number of seconds, at least one. */
export function tooManyRequests(seconds: number): ApiError {
  return new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
