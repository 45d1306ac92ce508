import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPasswords } from './password.ts'

const cost = { memoryCost: 2_048, timeCost: 2, parallelism: 1 }

describe('a stored password', () => {
  const table: readonly [string, Partial<typeof cost>, boolean][] = [
    ['made as today', {}, false],
    ['made with less memory', { memoryCost: 1_024 }, true],
    ['made with fewer passes', { timeCost: 1 }, true],
    ['made with less of both', { memoryCost: 1_024, timeCost: 1 }, true],
    ['made with more of both', { memoryCost: 4_096, timeCost: 3 }, false],
  ]
  for (const [name, other, isWeak] of table)
    it(`${name} ${isWeak ? 'is' : 'is not'} to be made anew`, async () => {
      const stored = await createPasswords({ ...cost, ...other }).hash('correct horse battery')
      assert.equal(createPasswords(cost).isWeak(stored), isWeak)
    })

  it('matches its own password, and none where there is none stored', async () => {
    const { hash, matches } = createPasswords(cost)
    const stored = await hash('correct horse battery')
    assert.deepEqual(
      await Promise.all([
        matches(stored, 'correct horse battery'),
        matches(stored, 'correct horse batterY'),
        matches(null, 'correct horse battery'),
        matches(null, 'nobody has this password'),
      ]),
      [true, false, false, false],
    )
  })
})
