import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { keptSecret } from './kept-secret.ts'

const atOnce = 3

if (!isMainThread) {
  const { gate, folders } = workerData as Together
  const secrets = folders.map((folder, index) => {
    Atomics.add(gate, 0, 1)
    while (Atomics.load(gate, 0) < (index + 1) * atOnce);
    return keptSecret(folder)
  })
  parentPort?.postMessage(secrets)
} else {
  describe('the secret of a site', () => {
    const base = mkdtempSync(join(tmpdir(), 'postern-secret-'))
    after(() => rmSync(base, { recursive: true, force: true }))

    test('is one, however many processes begin at the same moment', async () => {
      const folders = Array.from({ length: 100 }, () => mkdtempSync(join(base, 'data-')))
      const shared: Together = { gate: new Int32Array(new SharedArrayBuffer(4)), folders }
      const workers = Array.from({ length: atOnce }, () => new Worker(new URL(import.meta.url), { workerData: shared }))
      const answers = Promise.all(workers.map(answerOf))
      const [first, ...others] = await answers.finally(() => workers.map((worker) => worker.terminate()))
      for (const other of others) assert.deepEqual(other, first)
      assert.equal(new Set(first).size, folders.length, 'and each site has its own')
      assert.equal(statSync(join(folders[0] ?? '', 'secret')).mode & 0o077, 0, 'which nobody else reads')
    })

    test('is refused where it is short', () => {
      const folder = mkdtempSync(join(base, 'data-'))
      writeFileSync(join(folder, 'secret'), 'too short')
      assert.throws(() => keptSecret(folder), { code: 'BAD_DATA_DIR' })
    })
  })
}

interface Together {
  readonly gate: Int32Array
  readonly folders: readonly string[]
}

function answerOf(worker: Worker): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
  worker.once('message', resolve).once('error', reject)
  return promise
}
