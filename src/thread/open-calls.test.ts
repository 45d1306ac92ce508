import assert from 'node:assert/strict'
import { it } from 'node:test'
import { OpenCalls } from './open-calls.ts'

it('holds what is under way as a map would, whatever comes and goes', () => {
  const calls = new OpenCalls<string>()
  const map = new Map<number, string>()
  let state = 7
  const roll = (sides: number): number => (state = (state * 48_271) % 2_147_483_647) % sides
  for (let key = 1; key <= 20_000; key++) {
    calls.add(key, `call ${key}`)
    map.set(key, `call ${key}`)
    // Up to some thousand at once, some of them for very long.
    for (let times = key % 7_000 < 3_000 ? 0 : 3; times > 0 && map.size > 0; times--) {
      const gone = roll(10) === 0 ? roll(key) : key - roll(Math.min(key, 2_000))
      assert.equal(calls.take(gone), map.get(gone))
      map.delete(gone)
    }
    assert.equal(calls.size, map.size)
  }
  assert.deepEqual(calls.entries(), [...map])
  for (const key of map.keys()) assert.equal(calls.get(key), `call ${key}`)
  assert.equal(calls.get(20_001), undefined)
  calls.clear()
  assert.deepEqual([calls.size, calls.entries(), calls.take(20_000)], [0, [], undefined])
})
