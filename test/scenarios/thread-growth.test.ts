import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureGrowth } from '../campaigns/swap-growth.ts'

test('a house does not grow with its swaps (the command in test/campaigns does a thousand)', async () => {
  const measured = await measureGrowth(30)
  const [first, last] = [measured[0], measured.at(-1)]
  assert.ok(first && last && last.swaps === 30)
  assert.ok(last.heap - first.heap < 3, `the heap grew from ${first.heap.toFixed(1)} to ${last.heap.toFixed(1)} MB`)
  assert.ok(last.rss - first.rss < 60, `RSS grew from ${first.rss.toFixed(0)} to ${last.rss.toFixed(0)} MB`)
})
