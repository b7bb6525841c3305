/** What a script is: its explanation, its options or in words what is wrong with them, and what it does with them. */
interface Script<Options extends object> {
  readonly usage: string;
  readonly read: () => Options | string;
  readonly run: (options: Options) => Promise<number>;
}

/** The exit code of a script. `--help` explains and does nothing else; wrong options are told with what is allowed, and are a 2. */
export async function runScript<Options extends object>(script: Script<Options>): Promise<number> {
  const { usage, read, run } = script;
  if (process.argv.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const options = read();
  if (typeof options !== 'string') return run(options);
  console.log(`${options}\n${usage}`);
  return 2;
}
