import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendCrafted } from '../campaigns/crafted-bodies.ts'

test('V75 no body makes the server start a process, write a file, import anything, or fail', async () => {
  const { sent, routes, answers, breaches } = await sendCrafted(1_500, 20_261_121)
  assert.deepEqual(breaches, [])
  assert.ok(sent === 1_500 && routes > 30, 'every route that takes a body')
  assert.ok(
    (answers['2xx'] ?? 0) > 20 && (answers['4xx'] ?? 0) > 500,
    `they got past the first look: ${JSON.stringify(answers)}`,
  )
})
