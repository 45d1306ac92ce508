import { Session } from 'node:inspector'
import type { Frame } from './stack-frames.ts'

interface Reply {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly scriptId?: string; readonly url?: string; readonly callFrames?: readonly PausedFrame[] }
}

interface PausedFrame {
  readonly location: { readonly scriptId: string; readonly lineNumber: number }
}

/**
 * Stops a thread in the middle of whatever it is doing, reads its stack, innermost frame first, and lets it go on; empty
 * where it does not answer within `patience` ms. Works on a loop that never yields, because V8 itself is asked, not the
 * thread's event loop. Threads are known by their names, which must be unique.
 */
export function lookInto(threadName: string, patience: number): Promise<readonly Frame[]> {
  const { promise, resolve } = Promise.withResolvers<readonly Frame[]>()
  const timer = setTimeout(() => resolve([]), patience)
  void promise.then(() => clearTimeout(timer))
  inTurn(() => look(threadName, { answered: promise, answer: resolve })).catch(() => resolve([]))
  return promise
}

interface Looking {
  readonly answered: Promise<unknown>
  readonly answer: (frames: readonly Frame[]) => void
}

/**
 * Lasts until the thread has answered or ended, however long that takes: a thread that comes to its stop only after its
 * debugger has left stands there for ever, and the whole process with it as soon as anything waits for its end.
 */
async function look(threadName: string, { answered, answer }: Looking): Promise<void> {
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>()
  const scripts = new Map<string, string>()
  let last = 0
  const probe = attach(threadName, {
    hear: ({ id, method, params }) => {
      if (method === 'Debugger.scriptParsed') scripts.set(params?.scriptId ?? '', params?.url ?? '')
      if (method === 'Debugger.paused') {
        answer(framesOf(params?.callFrames ?? [], scripts))
        probe.send('Debugger.resume')
      }
      if (id !== undefined && id === last) settle()
    },
    gone: () => {
      answer([])
      settle()
    },
  })
  if (probe.attached) {
    probe.send('Debugger.enable')
    probe.send('Debugger.pause')
    await answered
    // Takes back a stop that has not happened yet, and is answered after one that has.
    last = probe.send('Debugger.disable')
    await settled
  }
  answer([])
  await probe.detach()
}

/** Has a thread give back what it no longer uses; resolves when it has, or after `patience` ms. */
export function collectGarbage(threadName: string, patience: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let late = false
  const timer = setTimeout(() => {
    late = true
    resolve()
  }, patience)
  void promise.then(() => clearTimeout(timer))
  inTurn(async () => {
    if (!late) await sweep(threadName, { answered: promise, answer: resolve })
  }).catch(() => resolve())
  return promise
}

async function sweep(
  threadName: string,
  { answered, answer }: { readonly answered: Promise<void>; readonly answer: () => void },
): Promise<void> {
  const probe = attach(threadName, {
    hear: ({ id }) => {
      if (id === 1) answer()
    },
    gone: answer,
  })
  if (probe.attached) probe.send('HeapProfiler.collectGarbage')
  else answer()
  await answered
  await probe.detach()
}

let turn: Promise<unknown> = Promise.resolve()

/** One debugger at a time: each is attached to every thread of the process, and two would stop each other's. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work)
  turn = done.catch(() => {})
  return done
}

function framesOf(frames: readonly PausedFrame[], scripts: ReadonlyMap<string, string>): readonly Frame[] {
  return frames.map(({ location }) => ({ url: scripts.get(location.scriptId) ?? '', line: location.lineNumber + 1 }))
}

interface Probe {
  /** Whether there is such a thread. */
  readonly attached: boolean
  /** The number under which the thread will answer. */
  readonly send: (method: string) => number
  readonly detach: () => Promise<void>
}

interface Ears {
  readonly hear: (reply: Reply) => void
  /** The thread has ended. */
  readonly gone: () => void
}

/** A debugger's session with one thread of this process, through the process's own inspector: no port is opened. */
function attach(threadName: string, { hear, gone }: Ears): Probe {
  const session = new Session()
  session.connect()
  let sessionId: string | undefined
  let count = 0
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    if (params.workerInfo.title.endsWith(` ${threadName}`)) sessionId = params.sessionId
  })
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    if (params.sessionId === sessionId) hear(JSON.parse(params.message) as Reply)
  })
  session.on('NodeWorker.detachedFromWorker', ({ params }) => {
    if (params.sessionId === sessionId) gone()
  })
  // Threads that are there are told of before this returns.
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  return {
    attached: sessionId !== undefined,
    send: (method) => {
      const message = JSON.stringify({ id: ++count, method })
      session.post('NodeWorker.sendMessageToWorker', { sessionId: sessionId ?? '', message })
      return count
    },
    // Not from within what the session tells of: Node is still in the middle of telling, and would fall over it.
    detach: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      session.disconnect()
    },
  }
}
