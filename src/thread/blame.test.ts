import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { endpoint as endpointRecord } from '../../test/fixtures/endpoint-record.ts'
import { blame } from './blame.ts'
import { framesOfStack } from './stack-frames.ts'
import type { Evidence } from './thread-site.ts'

const root = '/srv/my site'
const records = [
  endpointRecord({ id: 'one', origin: { file: 'api/one.ts', line: 1 } }),
  endpointRecord({ id: 'first', origin: { file: 'api/controller.ts', line: 4 } }),
  endpointRecord({ id: 'second', origin: { file: 'api/controller.ts', line: 20 } }),
]

const rows: readonly {
  name: string
  frames: [string, number][]
  lastBegun?: string
  endpoint?: string
  at?: object
}[] = [
  {
    name: 'the file on the stack',
    frames: [['api/one.ts', 9]],
    lastBegun: 'first',
    endpoint: 'one',
    at: { file: 'api/one.ts', line: 9 },
  },
  {
    name: 'a file of the site that is no endpoint: the endpoint above it on the stack, but the innermost place',
    frames: [
      ['lib/sum.ts', 3],
      ['api/one.ts', 9],
    ],
    endpoint: 'one',
    at: { file: 'lib/sum.ts', line: 3 },
  },
  {
    name: 'several in one file: the one written above the line',
    frames: [['api/controller.ts', 25]],
    endpoint: 'second',
    at: { file: 'api/controller.ts', line: 25 },
  },
  {
    name: 'several in one file: the one that began last',
    frames: [['api/controller.ts', 25]],
    lastBegun: 'first',
    endpoint: 'first',
    at: { file: 'api/controller.ts', line: 25 },
  },
  { name: 'no stack: the one that began last', frames: [], lastBegun: 'one', endpoint: 'one' },
  { name: 'only packages on the stack', frames: [['node_modules/x/index.js', 1]], lastBegun: 'one', endpoint: 'one' },
  { name: 'a file outside the site blames nobody', frames: [['../other/api/one.ts', 1]] },
]

for (const { name, frames, lastBegun, endpoint, at } of rows) {
  test(`blame: ${name}`, () => {
    const evidence: Evidence = {
      kind: 'stall',
      message: 'It stood still.\n    at secret (/x.ts:1:1)',
      frames: frames.map(([file, line]) => ({ url: pathToFileURL(`${root}/${file}`).href, line })),
      lastBegun,
    }
    const fault = blame(evidence, root, records)
    assert.deepEqual(fault, {
      kind: 'stall',
      message: 'It stood still.',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(at ? { at } : {}),
    })
  })
}

test('frames are read from an error of this very process', () => {
  const [frame] = framesOfStack(new Error('here').stack ?? '')
  assert.equal(frame?.url, import.meta.url)
  assert.ok(frame.line > 40)
})
