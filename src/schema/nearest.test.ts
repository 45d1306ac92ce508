import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

const names = ['port', 'page', 'page_size', 'sort', 'filter', 'host']
const rows: [asked: string, meant: string | undefined][] = [
  ['prot', 'port'],
  ['page_sise', 'page_size'],
  ['pagesize', 'page_size'],
  ['PAGE_SIZE', 'page_size'],
  ['fliter', 'filter'],
  ['sotr', 'sort'],
  ['hst', 'host'],
  ['colour', undefined],
  ['', undefined],
  ['x', undefined],
]
for (const [asked, meant] of rows) {
  test(`${JSON.stringify(asked)} ${meant === undefined ? 'is like nothing' : `means ${meant}`}`, () => {
    assert.equal(nearest(asked, names), meant)
  })
}
