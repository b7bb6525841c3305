/** Draws a picture from a Chart.js configuration (plain JSON). Rejects with a clear message when it cannot. */
export interface ChartRenderer {
  render(config: unknown, size?: { width: number; height: number }): Promise<Uint8Array>;
}
