import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { lookInto } from './thread-probe.ts'

/**
 * Deaf for 300 ms at a time, as a thread is that gets no processor, and between that in a loop that never yields; but not in
 * one that V8 compiled so that nothing stops it (test/scenarios/thread-faults.test.ts has that one): a function that is new
 * each time looks at its beginning whether the thread is to stop.
 */
const code = `
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    Atomics.wait(cell, 0, 0, 300)
    new Function('for (let index = 0; index < 1e6; index++);')()
  }`
let count = 0

async function busyThread(): Promise<{ readonly name: string; readonly worker: Worker }> {
  const name = `probed-${++count}`
  const worker = new Worker(code, { eval: true, name })
  await new Promise((resolve) => worker.once('online', resolve))
  await pause(100)
  return { name, worker }
}

/**
 * In a process of its own, which a thread that nothing stops takes with it: now and then V8 leaves one so, whatever it runs,
 * and the house lives with that (test/scenarios/thread-faults.test.ts). So another process is asked, three in all.
 */
async function inSomeProcess(steps: string): Promise<boolean> {
  const program = `
    import assert from 'node:assert/strict'
    import { Worker } from 'node:worker_threads'
    import { lookInto } from ${JSON.stringify(import.meta.resolve('./thread-probe.ts'))}
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    const busyThread = async (name) => {
      const worker = new Worker(${JSON.stringify(code)}, { eval: true, name })
      await new Promise((resolve) => worker.once('online', resolve))
      await pause(100)
      return worker
    }
    ${steps}
    console.log('done')`
  for (let tries = 0; tries < 3; tries += 1) if (await isDone(program)) return true
  return false
}

function isDone(program: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.on('close', () => {
    clearTimeout(timer)
    resolve(said === 'done\n')
  })
  return promise
}

describe('looking into a thread', () => {
  test('finds where it is, and lets it go on', async () => {
    const steps = `
      const worker = await busyThread('busy')
      assert.ok((await lookInto('busy', 5_000)).length > 0)
      assert.ok((await lookInto('busy', 5_000)).length > 0, 'a second time')
      await worker.terminate()`
    assert.ok(await inSomeProcess(steps))
  })

  for (const wait of [0, 50, 1_000]) {
    test(`a look that was given up before the thread stopped leaves no thread that cannot be ended ${wait} ms later`, async () => {
      const { name, worker } = await busyThread()
      assert.deepEqual(await lookInto(name, 1), [])
      await pause(wait)
      assert.ok(await ends(worker))
    })
  }

  test('a thread that ends meanwhile, or that is not there, holds up nobody', async () => {
    // Node itself falls over a thread that is ended in the very moment in which a debugger comes; the house ends none before it has looked.
    const steps = `
      const worker = await busyThread('ending')
      const look = lookInto('ending', 5_000)
      await pause(100)
      await worker.terminate()
      await look
      assert.deepEqual(await lookInto('nobody', 5_000), [])
      const other = await busyThread('next')
      assert.ok((await lookInto('next', 5_000)).length > 0)
      await other.terminate()`
    assert.ok(await inSomeProcess(steps))
  })
})

async function ends(worker: Worker): Promise<boolean> {
  return Promise.race([worker.terminate().then(() => true), pause(5_000).then(() => false)])
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
