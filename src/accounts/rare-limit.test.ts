import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rareLimit } from './rare-limit.ts'

describe('counting what is rare', () => {
  it('refuses the one too many, says for how long, and takes one back', async () => {
    const limit = rareLimit(2, 60)
    for (let index = 0; index < 2; index++) await limit.take('a')
    await assert.rejects(limit.take('a'), (thrown: { code?: string; headers?: Record<string, string> }) => {
      const wait = Number(thrown.headers?.['retry-after'])
      return thrown.code === 'TOO_MANY_REQUESTS' && wait > 50 && wait <= 60
    })
    await limit.take('b')
    await limit.reward('b')
    for (let index = 0; index < 2; index++) await limit.take('b')
    await assert.rejects(limit.take('b'), { code: 'TOO_MANY_REQUESTS' })
  })

  it('counts nothing where there is nothing to count', async () => {
    for (const points of [0, -1]) {
      const limit = rareLimit(points, 60)
      for (let index = 0; index < 5; index++) await limit.take('a')
      await limit.reward('a')
    }
  })

  it('takes its own failure for a failure, and not for a refusal', async () => {
    const key = Symbol('no text') as unknown as string
    await assert.rejects(rareLimit(2, 60).take(key), TypeError)
  })
})
