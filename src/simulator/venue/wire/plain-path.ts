/**
 * The path of a request as the web server in front of the exchange reads it: percent signs decoded, slashes in a row made one. The
 * official Java client sends its slashes as "%2F".
 */
export function plainPath(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll(/\/{2,}/g, '/');
  } catch {
    // No valid encoding: such a path leads nowhere.
    return path;
  }
}
