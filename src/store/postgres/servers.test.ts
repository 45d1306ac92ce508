import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isPosternError } from '../../errors/postern-error.ts'
import { leadingServer, onLeading, placeOf, serversOf } from './servers.ts'

describe('the servers that a URL names', () => {
  const table: readonly (readonly [url: string, servers: readonly string[]])[] = [
    ['postgres://one/site', ['postgres://one/site']],
    ['postgresql://u:p@one:5433/site?sslmode=require', ['postgresql://u:p@one:5433/site?sslmode=require']],
    ['postgres://u:p%2C@one:1,two:2/site', ['postgres://u:p%2C@one:1/site', 'postgres://u:p%2C@two:2/site']],
    ['postgres://u:a,b@one/site', ['postgres://u:a,b@one/site']],
    ['postgres://one,two/site?target_session_attrs=read-write', ['postgres://one/site', 'postgres://two/site']],
    [
      'postgres://[::1]:1,[::2]/site?sslmode=disable',
      ['postgres://[::1]:1/site?sslmode=disable', 'postgres://[::2]/site?sslmode=disable'],
    ],
    ['postgres://u@/site?host=one,two&port=1,2', ['postgres://u@one:1/site', 'postgres://u@two:2/site']],
    [
      'postgres:///site?host=one,two&port=7&sslmode=require',
      ['postgres://one:7/site?sslmode=require', 'postgres://two:7/site?sslmode=require'],
    ],
    ['postgres://u@/site?host=/run/postgres', ['postgres://u@/site?host=/run/postgres']],
  ]
  for (const [url, servers] of table) test(url, () => assert.deepEqual(serversOf(url), servers))

  const wrong: readonly (readonly [url: string, said: RegExp])[] = [
    ['postgres://u:secret@one:x,two/site', /cannot be read/],
    ['postgres://u:secret@one,,two/site', /cannot be read/],
    ['postgres://u:secret@one:99999/site', /cannot be read/],
    ['postgres://u:secret@/site?host=/run/a,/run/b', /cannot be read/],
    ['postgres://u:secret@one,two/site?target_session_attrs=standby', /target_session_attrs=standby/],
    ['postgres://u:secret@one/site?target_session_attrs=prefer-standby', /writes where the server leads/],
  ]
  for (const [url, said] of wrong) {
    test(`refuses ${url}, and tells no password`, () => {
      assert.throws(
        () => serversOf(url),
        (thrown: unknown) => {
          assert.ok(isPosternError(thrown) && thrown.code === 'BAD_SETTING')
          assert.match(thrown.message, said)
          assert.doesNotMatch(`${thrown.message} ${thrown.hint}`, /secret/)
          return true
        },
      )
    })
  }

  test('are tried from the one that led on, and are named without name and password', async () => {
    const url = 'postgres://u:secret@one:1,two:2,three:3/site'
    const tried: string[] = []
    const enter = (leader: string) => async (server: string) => {
      tried.push(new URL(server).hostname)
      if (new URL(server).hostname !== leader) throw new Error(`${server} follows`)
      return leader
    }
    assert.equal(leadingServer(url), 'postgres://u:secret@one:1/site')
    assert.equal(await onLeading(url, enter('two')), 'two')
    assert.equal(leadingServer(url), 'postgres://u:secret@two:2/site')
    assert.equal(await onLeading(url, enter('one')), 'one')
    await assert.rejects(onLeading(url, enter('nobody')), /three:3\/site follows/)
    assert.equal(tried.join(), 'one,two,two,three,one,one,two,three')
    assert.equal(placeOf(url), 'one:1,two:2,three:3/site')
    assert.equal(placeOf('postgres://u:secret@/site?host=/run/postgres'), 'localhost/site')
  })
})
