/** Tells whoever listens that another table serves now, or that a file broke or was mended. */
export interface Changes {
  /** Returns how to stop listening. `ended` is called once, when the server stops. */
  readonly subscribe: (listener: Listener) => () => void
  readonly announce: () => void
  /** Ends every listening, so that open streams do not hold the server back. */
  readonly end: () => void
}

export interface Listener {
  readonly changed: () => void
  readonly ended: () => void
}

export function createChanges(): Changes {
  const listeners = new Set<Listener>()
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    announce: () => listeners.forEach((listener) => listener.changed()),
    end: () => {
      const last = [...listeners]
      listeners.clear()
      last.forEach((listener) => listener.ended())
    },
  }
}
