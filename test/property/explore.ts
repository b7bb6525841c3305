/** A state machine as the explorer sees it. Equal keys are one state. */
export interface Machine<State, Event> {
  readonly initial: State;
  readonly events: readonly Event[];
  /** The next state, or undefined where the event is not possible. */
  readonly step: (state: State, event: Event) => State | undefined;
  readonly key: (state: State) => string;
  readonly name: (event: Event) => string;
}

export interface Exploration {
  readonly states: number;
  /** The shortest sequence of events that breaks the invariant. */
  readonly violation: readonly string[] | undefined;
  /** No event led to anything new any more: deeper sequences reach nothing else. */
  readonly exhausted: boolean;
}

/** Visits every state that is reachable by up to `depth` events, breadth first, and stops at the first that breaks the invariant. */
export function explore<State, Event>(
  machine: Machine<State, Event>,
  holds: (state: State) => boolean,
  depth: number,
): Exploration {
  const seen = new Set([machine.key(machine.initial)]);
  let frontier: { state: State; path: readonly string[] }[] = [
    { state: machine.initial, path: [] },
  ];
  for (let level = 0; level < depth && frontier.length > 0; level += 1) {
    const next: typeof frontier = [];
    for (const { state, path } of frontier) {
      for (const event of machine.events) {
        const after = machine.step(state, event);
        if (after === undefined) continue;
        const key = machine.key(after);
        if (seen.has(key)) continue;
        seen.add(key);
        const way = [...path, machine.name(event)];
        if (!holds(after)) return { states: seen.size, violation: way, exhausted: false };
        next.push({ state: after, path: way });
      }
    }
    frontier = next;
  }
  return { states: seen.size, violation: undefined, exhausted: frontier.length === 0 };
}
