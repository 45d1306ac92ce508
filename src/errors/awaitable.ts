/** At hand, or to be waited for. A request whose every step is at hand is answered in one turn, and makes no promise on its way. */
export type Awaitable<T> = T | Promise<T>

/** `onward` of the value, in this turn where the value is at hand. */
export function following<T, U>(value: Awaitable<T>, onward: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(onward) : onward(value)
}

/** What `work` gives, or `otherwise` of whatever it throws or is rejected with. */
export function orElse<T>(work: () => Awaitable<T>, otherwise: (thrown: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = work()
    return value instanceof Promise ? value.catch(otherwise) : value
  } catch (thrown) {
    return otherwise(thrown)
  }
}
