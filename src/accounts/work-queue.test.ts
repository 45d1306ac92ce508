import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorkQueue } from './work-queue.ts'

describe('a line of work', () => {
  it('does so much at once, the rest in the order of coming, and turns the next away at once', async () => {
    const queue = createWorkQueue({ atOnce: 2, inLine: 3 })
    const done: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    let most = 0
    let running = 0
    const jobs = gates.map(({ promise }, index) =>
      queue.run(async () => {
        most = Math.max(most, ++running)
        await promise
        running--
        done.push(index)
        return index
      }),
    )
    assert.equal(queue.waiting(), 3)
    await assert.rejects(
      queue.run(async () => done.push(99)),
      { code: 'UNAVAILABLE', status: 503, headers: { 'retry-after': '2' } },
    )
    for (const gate of gates) gate.resolve()
    assert.deepEqual(await Promise.all(jobs), [0, 1, 2, 3, 4])
    assert.deepEqual([done, most, queue.waiting()], [[0, 1, 2, 3, 4], 2, 0])
  })

  it('goes on after work that fails', async () => {
    const queue = createWorkQueue({ atOnce: 1, inLine: 10 })
    const results = await Promise.allSettled(
      [1, 2, 3].map((number) =>
        queue.run(async () => {
          if (number < 3) throw new Error(`no ${number}`)
          return number
        }),
      ),
    )
    assert.deepEqual(
      results.map((one) => one.status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    assert.equal(await queue.run(async () => 4), 4)
  })
})
