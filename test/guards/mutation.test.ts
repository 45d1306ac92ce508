import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { equivalents } from '../../scripts/mutation/equivalents.ts'
import { mutatedRooms } from '../../scripts/mutation/rooms.ts'
import { root } from './source-tree.ts'

const enough = 90

describe('the page of planted faults', () => {
  const page = readFileSync(join(root, 'docs', 'reference', 'mutation.md'), 'utf8')

  it('says of each room that enough of its faults were noticed, when, and at which commit', () => {
    const rows = [...page.matchAll(/^\| \[(\w+)\]\(#\w+\) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+)% \|$/gm)]
    assert.deepEqual(
      rows.map(([, name]) => name),
      mutatedRooms.map(({ name }) => name),
    )
    for (const [, name, faults, noticed, equivalent, survived, share] of rows) {
      assert.equal(Number(noticed) + Number(equivalent) + Number(survived), Number(faults), `the sum of ${name}`)
      assert.ok(Number(faults) > 100 && Number(share) >= enough, `${name}: ${share}%`)
    }
    assert.match(page, /^Run on 20\d\d-\d\d-\d\d at commit `[0-9a-f]{7,}`/m)
  })

  it('has the rooms of files that there are, and judges only such', () => {
    const shown = [...page.matchAll(/^\| `(src\/[\w./-]+\.ts)` \|/gm)].map(([, file = '']) => file)
    assert.ok(shown.length > 50)
    for (const { name, files } of mutatedRooms)
      assert.ok(
        shown.some((file) => files.some((pattern) => file.startsWith(pattern.replace(/\*.*$/, '')))),
        name,
      )
    for (const file of Object.keys(equivalents)) assert.ok(existsSync(join(root, file)), file)
  })

  it('gives a reason for every fault that is judged to be none', () => {
    const judged = Object.values(equivalents).flat()
    assert.ok(judged.length > 0)
    for (const { why, faults } of judged) {
      assert.match(why, /^[A-Z].{15,}[.:]?$/)
      assert.ok(faults.length > 0)
      for (const [from, to] of faults) assert.notEqual(from, to)
    }
  })
})
