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
  return inTurn(async () => {
    const { promise, resolve } = Promise.withResolvers<readonly Frame[]>()
    const scripts = new Map<string, string>()
    const probe = attach(threadName, (reply) => {
      const { params } = reply
      if (reply.method === 'Debugger.scriptParsed') scripts.set(params?.scriptId ?? '', params?.url ?? '')
      if (reply.method === 'Debugger.paused') resolve(framesOf(params?.callFrames ?? [], scripts))
    })
    const timer = setTimeout(() => resolve([]), patience)
    probe.send('Debugger.enable')
    probe.send('Debugger.pause')
    const frames = await promise
    clearTimeout(timer)
    // A thread that is still stopped when its debugger leaves can be neither resumed nor ended.
    probe.send('Debugger.resume')
    probe.detach()
    return frames
  })
}

/** Has a thread give back what it no longer uses; resolves when it has, or after `patience` ms. */
export function collectGarbage(threadName: string, patience: number): Promise<void> {
  return inTurn(async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const probe = attach(threadName, (reply) => {
      if (reply.id === 1) resolve()
    })
    const timer = setTimeout(resolve, patience)
    probe.send('HeapProfiler.collectGarbage')
    await promise
    clearTimeout(timer)
    probe.detach()
  })
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
  readonly send: (method: string) => void
  readonly detach: () => void
}

/** A debugger's session with one thread of this process, through the process's own inspector: no port is opened. */
function attach(threadName: string, hear: (reply: Reply) => void): Probe {
  const session = new Session()
  session.connect()
  let sessionId: string | undefined
  let count = 0
  const waiting: string[] = []
  const post = (message: string) =>
    session.post('NodeWorker.sendMessageToWorker', { sessionId: sessionId ?? '', message })
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    if (!params.workerInfo.title.endsWith(` ${threadName}`)) return
    sessionId = params.sessionId
    waiting.splice(0).forEach(post)
  })
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    if (params.sessionId === sessionId) hear(JSON.parse(params.message) as Reply)
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  return {
    send: (method) => {
      const message = JSON.stringify({ id: ++count, method })
      if (sessionId === undefined) waiting.push(message)
      else post(message)
    },
    detach: () => session.disconnect(),
  }
}
