/** What it takes to be there: time to the first answer on a later start, and memory when idle. */
import { rmSync } from 'node:fs'
import { newFolder, startFloor, startPostern, type Running } from '../harness/contenders.ts'
import { memory } from '../harness/processes.ts'
import { median } from '../harness/compare.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const start: Suite = { name: 'start', about: 'first answer after a later start, and memory when idle', run }

/** A server has settled when nobody has asked it anything for this long. */
const settling = 4_000

async function run(context: Context): Promise<Row[]> {
  const floor = await sample(context, 'floor', () => startFloor('bench/floor/hello-floor.ts'))
  const dataDir = newFolder()
  await (await startPostern({ isolation: 'thread', dataDir })).server.stop()
  const inline = await sample(context, 'inline', () => startPostern({ isolation: 'inline', dataDir }))
  const thread = await sample(context, 'thread', () => startPostern({ isolation: 'thread', dataDir }))
  rmSync(dataDir, { recursive: true, force: true })
  const samples = [floor, inline, thread]
  return [
    ...samples.map((one) => row(one, { name: 'first answer', unit: 'ms', values: one.firstAnswers, most: 400 })),
    ...samples.map((one) => memoryRow(one, floor)),
  ]
}

interface Sample {
  readonly name: string
  readonly firstAnswers: readonly number[]
  readonly memories: readonly number[]
}

async function sample(context: Context, name: string, open: () => Promise<Running>): Promise<Sample> {
  const firstAnswers: number[] = []
  const memories: number[] = []
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`${name}, start ${round + 1}`)
    await using running = await open()
    const asked = performance.now()
    const response = await fetch(`http://127.0.0.1:${running.server.port}/api/public/hello`)
    if (response.status !== 200) throw new Error(`${name} answered ${response.status}`)
    firstAnswers.push(running.server.readyAfter + performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, settling))
    memories.push(memory(running.server.pid))
  }
  return { name, firstAnswers, memories }
}

interface Figure {
  readonly name: string
  readonly unit: Row['unit']
  readonly values: readonly number[]
  readonly most: number
}

function row(one: Sample, { name, unit, values, most }: Figure): Row {
  const figures = {
    case: name,
    contender: one.name,
    value: median(values),
    unit,
    minimum: Math.min(...values),
    rounds: values,
  }
  return one.name === 'floor' ? figures : { ...figures, aim: `≤ ${most} ${unit}`, met: figures.value <= most }
}

function memoryRow(one: Sample, floor: Sample): Row {
  const base = row(one, { name: 'idle memory', unit: 'MB', values: one.memories, most: median(floor.memories) * 1.5 })
  const ratio = median(one.memories) / median(floor.memories)
  return one.name === 'floor' ? base : { ...base, ratio, aim: '≤ 1.5 × floor', met: ratio <= 1.5 }
}
