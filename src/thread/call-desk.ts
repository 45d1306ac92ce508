import { ask, type Pending, type Task } from './pending.ts'
import { threadLost, type ThreadSite } from './thread-site.ts'

/** Calls that may wait for a thread; more are turned away. */
const maxWaiting = 10_000

/** Takes every call, and gives it to the thread that serves; while there is none, calls wait in line. */
export class CallDesk {
  #site: ThreadSite | undefined
  #waiting: Pending[] = []
  /** No thread is to be had for the time being: calls are turned away at once. */
  #hopeless = false

  ask<T>(task: Task, leaving: (() => AbortSignal) | undefined): Promise<T> {
    return ask((pending) => this.give(pending), task, leaving)
  }

  give(pending: Pending): void {
    if (this.#site) this.#site.adopt(pending)
    else if (this.#hopeless || this.#waiting.length >= maxWaiting) pending.reject(threadLost())
    else this.#waiting.push(pending)
  }

  staff(site: ThreadSite): void {
    this.#site = site
    this.#hopeless = false
    for (const pending of this.#waiting.splice(0)) site.adopt(pending)
  }

  unstaff(): void {
    this.#site = undefined
  }

  giveUp(): void {
    this.#hopeless = true
    for (const pending of this.#waiting.splice(0)) pending.reject(threadLost())
  }
}
