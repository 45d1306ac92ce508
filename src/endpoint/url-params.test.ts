import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UrlParamTable } from './url-params.ts'

describe('the table of query names', () => {
  const table = (): UrlParamTable =>
    new UrlParamTable({ __all: 'common', _group1: ['g1', 'g2'], e1: ['name1', 'name2'], e2: ['_group1', 'name3'] })

  test('an endpoint takes its own names, its groups and what goes everywhere', () => {
    assert.deepEqual(table().get('e1'), ['common', 'name1', 'name2'])
    assert.deepEqual(table().get('e2'), ['common', 'g1', 'g2', 'name3'])
    assert.deepEqual(table().get('unregistered'), ['common'])
  })

  test('other verbs take what goes everywhere alone', () => {
    assert.deepEqual(table().allowed('e2', 'GET'), ['common', 'g1', 'g2', 'name3'])
    for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
      assert.deepEqual(table().allowed('e2', verb), ['common'])
  })

  test('registering adds; the order does not matter; what was asked before is not kept', () => {
    const names = table()
    assert.deepEqual(names.get('e2'), ['common', 'g1', 'g2', 'name3'])
    names.register({ _group1: ['g3'], e2: 'own', __all: ['everywhere'] })
    assert.deepEqual(names.get('e2'), ['common', 'everywhere', 'g1', 'g2', 'g3', 'name3', 'own'])
    names.set('e2', ['only'], false)
    assert.deepEqual(names.get('e2'), ['common', 'everywhere', 'only'])
  })

  test('replacing leaves nothing of what was there, not even what went everywhere', () => {
    const names = table()
    names.register({ e1: ['new'] }, false)
    assert.deepEqual([names.get('e1'), names.get('e2')], [['new'], []])
  })

  test('groups may hold groups, unknown ones hold nothing, circles end', () => {
    const names = new UrlParamTable({ _a: ['_b', 'a'], _b: ['_a', 'b'], e: ['_a', '_nowhere'] })
    assert.deepEqual(names.get('e'), ['a', 'b'])
    assert.deepEqual(names.unknownGroups, ['_nowhere'])
  })

  test('whoever listens is told of changes', () => {
    const names = table()
    let told = 0
    names.onChange(() => told++)
    names.register({ e1: ['x'] })
    names.set('e1', 'y')
    assert.equal(told, 2)
  })
})
