import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCallerCache, type Known, type UserFacts } from './caller-cache.ts'

describe('the cache of callers', () => {
  it('finds a secret until it is forgotten', () => {
    const cache = createCallerCache()
    const known = knownOf(undefined)
    cache.keep('a', known, cache.epoch())
    cache.keep('b', known, cache.epoch())
    assert.equal(cache.find('a'), known)
    assert.equal(cache.find('c'), undefined)
    cache.forget(['a', 'never there'])
    assert.deepEqual([cache.find('a'), cache.find('b'), cache.size()], [undefined, known, 1])
  })

  it('loses all secrets of a user at once, and those of others never', () => {
    const cache = createCallerCache()
    const [ann, bob] = [factsOf(1), factsOf(2)]
    for (const facts of [ann, bob]) assert.equal(cache.keepUser(facts, cache.epoch()), facts)
    cache.keep('a1', knownOf(ann), cache.epoch())
    cache.keep('a2', knownOf(ann), cache.epoch())
    cache.keep('b1', knownOf(bob), cache.epoch())
    cache.forgetUser(1)
    assert.deepEqual([cache.find('a1'), cache.find('a2'), cache.user(1)], [undefined, undefined, undefined])
    assert.equal(cache.find('b1')?.user, bob)
    assert.equal(cache.user(2), bob)
    assert.deepEqual([ann.current, bob.current], [false, true])
  })

  it('keeps nothing that was read before something changed', () => {
    for (const change of [
      (cache: Cache) => cache.forget([]),
      (cache: Cache) => cache.forgetUser(9),
      (cache: Cache) => cache.clear(),
    ]) {
      const cache = createCallerCache()
      const before = cache.epoch()
      change(cache)
      const facts = factsOf(1)
      assert.equal(cache.keepUser(facts, before), facts)
      cache.keep('a', { ...knownOf(facts), tokenId: 5, budget: 3 }, before)
      assert.deepEqual([cache.user(1), cache.find('a'), cache.budget(5)], [undefined, undefined, undefined])
      assert.ok(cache.epoch() > before)
    }
  })

  it('holds one set of facts for a user, whoever read them first', () => {
    const cache = createCallerCache()
    const [first, second] = [factsOf(1), factsOf(1)]
    assert.equal(cache.keepUser(first, cache.epoch()), first)
    assert.equal(cache.keepUser(second, cache.epoch()), first)
    assert.equal(cache.user(1), first)
  })

  it('falls as a whole when it is cleared, whoever still holds a part of it', () => {
    const cache = createCallerCache()
    const facts = cache.keepUser(factsOf(1), cache.epoch())
    cache.keep('a', knownOf(facts), cache.epoch())
    cache.clear()
    assert.deepEqual([cache.find('a'), cache.user(1), facts.current, cache.size()], [undefined, undefined, false, 0])
  })

  it('is bounded: the oldest goes, and a user who goes takes the secrets along', () => {
    const cache = createCallerCache(2)
    const [ann, bob, cat] = [factsOf(1), factsOf(2), factsOf(3)]
    for (const facts of [ann, bob]) cache.keepUser(facts, cache.epoch())
    cache.keep('a', knownOf(ann), cache.epoch())
    cache.keep('b', knownOf(bob), cache.epoch())
    cache.keepUser(cat, cache.epoch())
    assert.deepEqual([ann.current, bob.current, cat.current], [false, true, true])
    assert.equal(cache.find('a'), undefined)
    cache.keep('c', knownOf(cat), cache.epoch())
    cache.keep('d', knownOf(cat), cache.epoch())
    assert.deepEqual(
      [cache.find('b'), cache.find('c') === undefined, cache.find('d') === undefined],
      [undefined, false, false],
    )
    assert.equal(cache.size(), 2)
  })

  it('knows the budget of the tokens that have one', () => {
    const cache = createCallerCache()
    cache.keep('a', { ...knownOf(undefined), tokenId: 1, budget: 3 }, cache.epoch())
    cache.keep('b', { ...knownOf(undefined), tokenId: 2 }, cache.epoch())
    assert.deepEqual([cache.budget(1), cache.budget(2), cache.budget(3)], [3, undefined, undefined])
  })

  it('has room for as many budgets as secrets, whatever comes without one', () => {
    const cache = createCallerCache(1)
    cache.keep('a', { ...knownOf(undefined), tokenId: 1, budget: 3 }, cache.epoch())
    cache.keep('b', knownOf(undefined), cache.epoch())
    cache.keep('c', { ...knownOf(undefined), tokenId: 2 }, cache.epoch())
    assert.equal(cache.budget(1), 3)
    cache.keep('d', { ...knownOf(undefined), tokenId: 3, budget: 5 }, cache.epoch())
    assert.deepEqual([cache.budget(1), cache.budget(3)], [undefined, 5])
  })

  it('leaves what it lets go as it was, but for the facts of a user', () => {
    const cache = createCallerCache(1)
    const known = Object.freeze(knownOf(undefined))
    for (const digest of ['a', 'b']) cache.keep(digest, known, cache.epoch())
    assert.deepEqual([cache.find('a'), cache.find('b'), 'current' in known], [undefined, known, false])
  })

  it('drops a secret whose user is gone as soon as somebody shows it', () => {
    const cache = createCallerCache()
    const facts = cache.keepUser(factsOf(1), cache.epoch())
    cache.keep('a', knownOf(facts), cache.epoch())
    cache.forgetUser(1)
    assert.equal(cache.size(), 1)
    assert.equal(cache.find('a'), undefined)
    assert.equal(cache.size(), 0)
  })
})

type Cache = ReturnType<typeof createCallerCache>

function factsOf(id: number): UserFacts {
  return { id, name: 'x', code: 'x', roles: [], current: true }
}

function knownOf(user: UserFacts | undefined): Known {
  const caller = { kind: 'token', tokenId: 1, name: 'x' } as const
  return {
    caller,
    expires: Infinity,
    isCookie: false,
    addresses: undefined,
    tokenId: undefined,
    budget: undefined,
    user,
  }
}
