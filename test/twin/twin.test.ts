import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { differenceOf } from './compare.ts'
import { RequestMaker } from './request-maker.ts'
import { openTwins } from './twin-sites.ts'

const requests = 10_000

describe('V01 V02 V03 V04 V05 V06 V07 V08 V09 V12 V18 V21: two databases that differ in one secret', () => {
  it(`answer ${requests} requests byte for byte alike`, async () => {
    await using twins = await openTwins()
    const maker = new RequestMaker(20_261_121, twins.ids, Object.keys(twins.tokens))
    let found = 0
    for (let count = 0; count < requests; count++) {
      const request = maker.next()
      const difference = await differenceOf(twins, request)
      assert.deepEqual(difference, undefined, `request ${count}: ${JSON.stringify(request)}`)
      found++
    }
    assert.equal(found, requests)
  })

  it('and are told apart by somebody who may read the secret, so that the test can fail', async () => {
    await using twins = await openTwins()
    const maker = new RequestMaker(1, twins.ids, ['insider'])
    let differences = 0
    for (let count = 0; count < 500; count++) if (await differenceOf(twins, maker.next())) differences++
    assert.ok(differences > 25, `only ${differences} differences`)
  })
})
