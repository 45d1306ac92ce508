import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refuseForeignOrigin, refuseForeignPage } from './origin.ts'
import { completeSettings } from './settings.ts'

const configured = completeSettings({ publicUrl: 'https://site.test', origins: ['https://app.test'] })
const developing = completeSettings({})
const helping = completeSettings({ origins: ['https://app.test'] })

describe('the origin of a request with a cookie', () => {
  const table: readonly [settings: typeof configured, headers: Record<string, string | string[]>, ours: boolean][] = [
    [configured, { origin: 'https://site.test' }, true],
    [configured, { origin: 'https://app.test' }, true],
    [configured, { origin: 'https://evil.test', host: 'evil.test' }, false],
    [configured, { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' }, false],
    [configured, { origin: ['https://site.test', 'https://site.test'] }, false],
    [configured, { 'sec-fetch-site': 'same-origin' }, true],
    [configured, { 'sec-fetch-site': 'same-site' }, false],
    [configured, {}, false],
    [developing, { origin: 'http://localhost:4000', host: 'localhost:4000' }, true],
    [developing, { origin: 'http://localhost:4001', host: 'localhost:4000' }, false],
    [developing, { origin: 'http://evil.test', host: 'localhost:4000' }, false],
    [developing, { origin: 'null', host: 'null' }, false],
    [developing, { origin: 'http://localhost:4000' }, false],
    [developing, { origin: ['http://localhost:4000'], host: 'localhost:4000' }, false],
    [helping, { origin: 'https://app.test', host: 'localhost:4000' }, true],
    [helping, { origin: 'http://localhost:4000', host: 'localhost:4000' }, true],
    [helping, { origin: 'http://evil.test', host: 'localhost:4000' }, false],
  ]
  for (const [settings, headers, ours] of table) {
    it(`V64 ${JSON.stringify(headers)} is ${ours ? 'ours' : 'foreign'}`, () => {
      const ask = (method: string) => () => refuseForeignOrigin(settings, { method, headers })
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'MADE-UP']) {
        if (ours) assert.doesNotThrow(ask(method))
        else assert.throws(ask(method), { code: 'FOREIGN_ORIGIN', status: 403 })
      }
      for (const method of ['GET', 'HEAD', 'OPTIONS']) assert.doesNotThrow(ask(method))
    })
  }

  it('is not asked of what no browser sends, where there is no cookie yet', () => {
    assert.doesNotThrow(() => refuseForeignPage(configured, { headers: {} }))
    assert.doesNotThrow(() => refuseForeignPage(configured, { headers: { origin: 'https://site.test' } }))
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
      assert.throws(() => refuseForeignPage(configured, { headers }), { code: 'FOREIGN_ORIGIN' })
    }
  })
})
