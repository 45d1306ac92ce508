import { availableParallelism, release, type } from 'node:os'

/** Where and when a figure was taken. */
export function describeMachine(): string {
  const day = new Date().toISOString().slice(0, 10)
  return `${day}, Node ${process.versions.node}, ${type()} ${release()}, ${availableParallelism()} cores`
}
