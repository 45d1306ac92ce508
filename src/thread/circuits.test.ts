import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { Circuits } from './circuits.ts'

function circuitsAt() {
  const clock = { now: 1_000_000 }
  return { clock, circuits: new Circuits(() => clock.now) }
}

function refusal(circuits: Circuits, name: string): PosternError | undefined {
  try {
    circuits.admit(name)
    return undefined
  } catch (thrown) {
    assert.ok(thrown instanceof PosternError)
    return thrown
  }
}

test('the sixth fault within a minute opens the circuit of that name alone, for thirty seconds', () => {
  const { clock, circuits } = circuitsAt()
  for (let count = 1; count <= 5; count++) {
    assert.equal(circuits.fault('spin'), 0)
    clock.now += 10_000
  }
  assert.equal(refusal(circuits, 'spin'), undefined)
  assert.equal(circuits.fault('spin'), 6)
  assert.deepEqual(circuits.open, ['spin'])
  assert.equal(refusal(circuits, 'spin')?.code, 'CIRCUIT_OPEN')
  assert.equal(refusal(circuits, 'spin')?.headers['retry-after'], '30')
  assert.equal(refusal(circuits, 'hello'), undefined)
  clock.now += 29_500
  assert.equal(refusal(circuits, 'spin')?.headers['retry-after'], '1')
})

test('faults that are further apart than a minute do not add up', () => {
  const { clock, circuits } = circuitsAt()
  for (let count = 1; count <= 20; count++) {
    assert.equal(circuits.fault('rare'), 0)
    clock.now += 13_000
  }
  assert.deepEqual(circuits.open, [])
})

test('half open: one call is let through; what comes of it closes the circuit or opens it again', () => {
  const { clock, circuits } = circuitsAt()
  for (let count = 1; count <= 6; count++) circuits.fault('spin')
  clock.now += 30_001
  assert.equal(circuits.admit('spin'), true)
  assert.equal(refusal(circuits, 'spin')?.code, 'CIRCUIT_OPEN', 'a second call must wait for the first')
  assert.ok(circuits.fault('spin') > 0, 'the trial failed')
  assert.equal(refusal(circuits, 'spin')?.headers['retry-after'], '30')
  clock.now += 30_001
  assert.equal(circuits.admit('spin'), true)
  assert.equal(circuits.mended('spin'), true)
  assert.equal(circuits.quiet, true)
  assert.equal(circuits.admit('spin'), false)
})

test('a trial that is lost without anybody to blame does not block the endpoint for ever', () => {
  const { clock, circuits } = circuitsAt()
  for (let count = 1; count <= 6; count++) circuits.fault('spin')
  clock.now += 30_001
  circuits.admit('spin')
  circuits.failed('spin')
  assert.equal(refusal(circuits, 'spin')?.code, 'CIRCUIT_OPEN')
  clock.now += 30_001
  assert.equal(circuits.admit('spin'), true)
})

test('other code is served: nothing is held against it', () => {
  const { circuits } = circuitsAt()
  for (let count = 1; count <= 6; count++) circuits.fault('spin')
  circuits.forget()
  assert.equal(refusal(circuits, 'spin'), undefined)
})
