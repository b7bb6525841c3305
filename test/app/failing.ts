import { ExchangeFailure } from '../../src/domain/failure.ts';

export const fails = (): Promise<never> =>
  Promise.reject(new ExchangeFailure('no answer', { kind: 'network', retriable: true }));

/** A real part of which one method fails. */
export const failing = <Part extends object>(part: Part, ...names: (keyof Part)[]): Part =>
  new Proxy(part, {
    get(target, key) {
      if (names.some((each) => each === key)) return fails;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** A real part of which one method does something else first. */
export const first = <Part extends object>(
  part: Part,
  name: keyof Part,
  act: () => Promise<void>,
): Part =>
  new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => unknown;
      if (key !== name) return method;
      return async (...args: unknown[]) => {
        await act();
        return method(...args);
      };
    },
  });

/** The doors of the exchange, some of which answer something else. */
export const answering = <Doors extends object>(doors: Doors, over: Partial<Doors>): Doors =>
  new Proxy(doors, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in over ? over : target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
