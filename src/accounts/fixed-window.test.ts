import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { FixedWindow } from './fixed-window.ts'

describe('counting in windows of a minute', () => {
  it('lets so many through, refuses the next with how long to wait, and begins anew', () => {
    let now = 1_000
    const window = new FixedWindow(2, () => now)
    window.take('a')
    window.take('a')
    now += 10_500
    assert.throws(
      () => window.take('a'),
      (thrown) =>
        thrown instanceof PosternError && thrown.code === 'TOO_MANY_REQUESTS' && thrown.headers['retry-after'] === '50',
    )
    window.take('b')
    now += 49_500
    window.take('a')
  })

  it('a refused one does not lengthen the wait', () => {
    let now = 0
    const window = new FixedWindow(1, () => now)
    window.take('a')
    for (now = 1_000; now < 60_000; now += 1_000) assert.throws(() => window.take('a'))
    now = 60_000
    window.take('a')
  })

  it('does not forget a full window for the sake of strangers that have passed', () => {
    let now = 0
    const window = new FixedWindow(1, () => now)
    for (let index = 0; index < 99_999; index++) window.take(`old ${index}`)
    now = 59_000
    window.take('watched')
    now = 60_001
    for (let index = 0; index < 1_000; index++) window.take(`new ${index}`)
    assert.throws(() => window.take('watched'))
  })

  it('does not forget who came again, though first of all, while windows have just passed', () => {
    let now = 0
    const window = new FixedWindow(1, () => now)
    for (const name of ['watched', ...Array.from({ length: 99_998 }, (_, index) => `old ${index}`)]) window.take(name)
    now = 60_000
    for (const name of ['watched', 'new', 'newer']) window.take(name)
    assert.throws(() => window.take('watched'))
  })

  it('does not forget who came again, though first of all, while others are older', () => {
    let now = 0
    const window = new FixedWindow(1, () => now)
    window.take('watched')
    now = 30_000
    for (let index = 0; index < 99_998; index++) window.take(`old ${index}`)
    now = 60_000
    window.take('watched')
    for (const name of ['new', 'newer']) window.take(name)
    assert.throws(() => window.take('watched'))
  })

  it('remembers no more than so many keys, and lets the oldest go', () => {
    const window = new FixedWindow(1, () => 0)
    for (let index = 0; index < 100_000; index++) window.take(`key ${index}`)
    assert.throws(() => window.take('key 0'))
    window.take('one more')
    window.take('key 0')
    assert.throws(() => window.take('key 99999'))
  })
})
