import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { SiteProblem } from '../registry/site-folder.ts'
import { watchLoading } from './watch-loading.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'postern-loading-')))
after(() => rmSync(root, { recursive: true }))

async function watched(name: string, text: string, limit: number): Promise<readonly SiteProblem[]> {
  writeFileSync(join(root, `${name}.mjs`), text)
  const worker = new Worker(join(root, `${name}.mjs`), { name: `loading-${name}` })
  await new Promise((resolve) => worker.once('online', resolve))
  const told: SiteProblem[] = []
  const thread = { name: `loading-${name}`, worker }
  const end = watchLoading(thread, root, { blocked: (problem) => told.push(problem), pause: 30 })
  for (let waited = 0; told.length === 0 && waited < limit; waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
  end()
  await worker.terminate()
  return told
}

test('a thread that stays in a file of the site is told of', async () => {
  const text = 'const cell = new Int32Array(new SharedArrayBuffer(4))\nfor (;;) Atomics.wait(cell, 0, 0, 10)\n'
  const [problem] = await watched('spins', text, 10_000)
  assert.equal(problem?.fatal, true)
  assert.equal(problem.at.file, 'spins.mjs')
  assert.match(problem.message, /^spins\.mjs cannot be loaded: it blocks its thread/)
})

test('one that works, comes back and waits is left alone', async () => {
  const text =
    'setInterval(() => { const end = Date.now() + 5; while (Date.now() < end); }, 10)\nawait new Promise(() => {})\n'
  assert.deepEqual(await watched('waits', text, 700), [])
})
