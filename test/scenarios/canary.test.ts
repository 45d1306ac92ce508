import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sweepLogs } from '../canary/sweep.ts'

describe('everything that a server prints', () => {
  for (const format of ['json', 'pretty'] as const) {
    it(`V62 P27 holds no secret that was sent or made, in the ${format} log`, async () => {
      const { requests, secrets, printed, hits, statuses } = await sweepLogs(format)
      assert.deepEqual(hits, [])
      assert.ok(requests > 100 && secrets > 100, `${requests} requests, ${secrets} secrets`)
      for (const status of [200, 201, 202, 400, 401, 404, 500])
        assert.ok(statuses.has(status), `no answer was ${status}`)
      assert.ok(printed.split('\n').length > requests, 'each request left its line')
      for (const seen of [/\[redacted\]/, /asked/, /It failed for/, /to count letters/, /console /])
        assert.match(printed, seen, 'the careless site did print')
      assert.doesNotMatch(printed, /canary-/, 'not even a part of one')
    })
  }
})
