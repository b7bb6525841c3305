/** Any value that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A Chart.js 4 configuration in plain JSON: no functions, no plugins beyond the core, no date adapter. The same JSON
 * is drawn by the local renderer and by a self-hosted QuickChart. `options.backgroundColor` is the colour of the
 * picture's ground, painted by the renderer.
 */
export interface ChartConfig {
  readonly type: 'line' | 'bar';
  readonly data: {
    /** One label a slot of the category axis; a list of strings is a label of several lines. */
    readonly labels: readonly (string | readonly string[])[];
    readonly datasets: readonly JsonObject[];
  };
  readonly options: JsonObject & { readonly backgroundColor: string };
}

/** Thrown when the data cannot be drawn (nothing in it, a value that is not a number). The text twin still works. */
export class ChartDataError extends Error {
  override readonly name = 'ChartDataError';
}

/**
 * Refuses values that are not finite numbers: a chart never draws an invented figure.
 * `what` names the value in the message, e.g. `equity of reading 3`.
 */
export function requireFinite(value: number, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new ChartDataError(`The chart cannot be drawn: ${what} is not a number (${value}).`);
}
