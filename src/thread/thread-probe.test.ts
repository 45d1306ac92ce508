import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { lookInto } from './thread-probe.ts'

/**
 * Deaf for 300 ms at a time, as a thread is that gets no processor, and between that in a loop that never yields; but not in
 * one that V8 compiled so that nothing stops it (test/scenarios/thread-faults.test.ts has that one).
 */
const code = `
  require('node:v8').setFlagsFromString('--no-use-osr')
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    Atomics.wait(cell, 0, 0, 300)
    for (let index = 0; index < 1e6; index++);
  }`
let count = 0

async function busyThread(): Promise<{ readonly name: string; readonly worker: Worker }> {
  const name = `probed-${++count}`
  const worker = new Worker(code, { eval: true, name })
  await new Promise((resolve) => worker.once('online', resolve))
  await pause(100)
  return { name, worker }
}

describe('looking into a thread', () => {
  test('finds where it is, and lets it go on', async () => {
    const { name, worker } = await busyThread()
    assert.ok((await lookInto(name, 5_000)).length > 0)
    assert.ok((await lookInto(name, 5_000)).length > 0, 'a second time')
    assert.ok(await ends(worker))
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
    const { name, worker } = await busyThread()
    const look = lookInto(name, 5_000)
    // Node itself falls over a thread that is ended in the very moment in which a debugger comes; the house ends none before it has looked.
    await pause(100)
    assert.ok(await ends(worker))
    await look
    assert.deepEqual(await lookInto('nobody', 5_000), [])
    const { name: next, worker: other } = await busyThread()
    assert.ok((await lookInto(next, 5_000)).length > 0)
    assert.ok(await ends(other))
  })
})

async function ends(worker: Worker): Promise<boolean> {
  return Promise.race([worker.terminate().then(() => true), pause(5_000).then(() => false)])
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
