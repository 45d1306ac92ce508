/** What `npm pack` would leave out is missed only by those who install the package. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { clearBuilt } from '../../scripts/clear-built.ts'

test('bundling anew takes away what was bundled, and leaves the declarations that packing has written before', () => {
  const dist = mkdtempSync(join(tmpdir(), 'postern-dist-'))
  try {
    mkdirSync(join(dist, 'chunks'))
    for (const name of ['index.js', 'index.d.ts', 'chunks/old-a1.js', 'chunks/old.d.ts'])
      writeFileSync(join(dist, name), '')
    clearBuilt(dist)
    clearBuilt(join(dist, 'nowhere'))
    assert.deepEqual(
      new Set(readdirSync(dist, { recursive: true, encoding: 'utf8' })),
      new Set(['chunks', 'chunks/old.d.ts', 'index.d.ts']),
    )
  } finally {
    rmSync(dist, { recursive: true })
  }
})
