import type { RawCall } from '../pipeline/raw-call.ts'
import type { Work } from './protocol.ts'

/** Something asked of a site's thread and not yet answered; it may be handed from a lost thread to the next. */
export class Pending {
  readonly task: Task
  /** Of the promise that the asker holds. */
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  readonly leaving: (() => AbortSignal) | undefined
  /** How often it was given to a thread that was lost after it had begun, and before. */
  begunTries = 0
  passes = 0
  /** On the monotonic clock; kept from thread to thread. */
  deadline = 0
  watched = false

  constructor(task: Task, leaving: (() => AbortSignal) | undefined, settle: Settle) {
    this.task = task
    this.leaving = leaving
    this.resolve = settle.resolve
    this.reject = settle.reject
  }

  /** The endpoint's or hook's name, for blame and for circuits. */
  get name(): string {
    return 'call' in this.task ? this.task.endpointId : this.task.work.name
  }

  /** Whether running it twice does no more than running it once. */
  get repeatable(): boolean {
    return 'call' in this.task ? this.task.call.method === 'GET' : this.task.work.kind === 'decide'
  }
}

export type Task = { readonly endpointId: string; readonly call: RawCall } | { readonly work: Work }

interface Settle {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** Hands a new task to whoever gives it to a thread; resolves to what its kind of task yields. */
export function ask<T>(
  give: (pending: Pending) => void,
  task: Task,
  leaving: (() => AbortSignal) | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    give(new Pending(task, leaving, { resolve: (value) => resolve(value as T), reject }))
  })
}
