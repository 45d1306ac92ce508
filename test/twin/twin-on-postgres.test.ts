import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { differenceOf } from './compare.ts'
import { RequestMaker } from './request-maker.ts'
import { openTwins } from './twin-sites.ts'

const requests = 2_000

describe('V01 V02 V03 V04 V05 V06 V07 V08 V09 V12 V18 V21: two PostgreSQL databases that differ in one secret', () => {
  it(`answer ${requests} requests byte for byte alike, and somebody who may read it sees the difference`, async () => {
    await using twins = await openTwins('postgres')
    assert.match(String(twins.left.house.settings.databaseUrl), /^postgres/)
    assert.notEqual(twins.left.house.settings.databaseUrl, twins.right.house.settings.databaseUrl)
    const maker = new RequestMaker(20_261_122, twins.ids, Object.keys(twins.tokens))
    for (let count = 0; count < requests; count++) {
      const request = maker.next()
      const difference = await differenceOf(twins, request)
      assert.deepEqual(difference, undefined, `request ${count}: ${JSON.stringify(request)}`)
    }
    const insider = new RequestMaker(1, twins.ids, ['insider'])
    let differences = 0
    for (let count = 0; count < 300; count++) if (await differenceOf(twins, insider.next())) differences++
    assert.ok(differences > 15, `only ${differences} differences`)
  })
})
