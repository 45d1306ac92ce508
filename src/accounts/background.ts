/**
 * Work that no answer waits for, so that the time of an answer does not tell whether there was any. What fails there is
 * told to `failed` and to nobody else.
 */
export interface Background {
  readonly start: (work: () => Promise<unknown>) => void
  readonly settle: () => Promise<void>
  /** What to do with failures; set by whoever has a log. */
  onFailure: (thrown: unknown) => void
}

export function createBackground(): Background {
  const running = new Set<Promise<unknown>>()
  const background: Background = {
    start: (work) => {
      const job: Promise<unknown> = turnLater()
        .then(work)
        .catch((thrown: unknown) => background.onFailure(thrown))
        .finally(() => running.delete(job))
      running.add(job)
    },
    settle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    onFailure: () => {},
  }
  return background
}

function turnLater(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
