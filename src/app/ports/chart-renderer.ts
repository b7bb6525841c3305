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

/**
 * Draws a PNG from a chart's configuration, laid out 600 wide and as high as its `aspectRatio` says where no size is named. Rejects with a
 * clear message when it cannot.
 */
export interface ChartRenderer {
  render(config: ChartConfig, size?: { width: number; height: number }): Promise<Uint8Array>;
}
