/** `postern-site.ts` of a site of a hundred endpoints: how long after a save it tells of what was saved. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../harness/compare.ts'
import { startDev } from '../harness/contenders.ts'
import { quantile } from '../harness/load.ts'
import { cpuTime, machineTime } from '../harness/processes.ts'
import { siteWith, writeTyped } from '../harness/site-copy.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const types: Suite = { name: 'types', about: "the client's types after a save, on a site of 100 endpoints", run }

const saves = 30
const most = 150
const patience = 5_000

async function run(context: Context): Promise<Row[]> {
  const site = siteWith(0)
  for (let index = 0; index < 100; index += 1) writeTyped(site, index, 'first')
  const file = join(site, 'postern-site.ts')
  // Whoever has asked for the types once has them kept up to date.
  writeFileSync(file, '')
  try {
    await using postern = await startDev(site)
    await told(file, 'first0')
    const times: number[] = []
    let noisy = 0
    for (let count = 1; count <= saves; count += 1) {
      context.say(`save ${count} of ${saves}`)
      // Nobody saves faster; the next thread is booted meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const othersBefore = others(postern.server.pid)
      const started = performance.now()
      writeTyped(site, count, 'saved')
      await told(file, `saved${count}`)
      const took = performance.now() - started
      times.push(took)
      // µs in ms: more than a tenth of a core.
      if (others(postern.server.pid) - othersBefore > took * 100) noisy += 1
    }
    return [
      { ...row('median', median(times), times), noisy },
      { ...row('p90', quantile(Float64Array.from(times).toSorted(), 0.9), times), noisy },
    ]
  } finally {
    rmSync(site, { recursive: true, force: true })
  }
}

function row(name: string, value: number, rounds: readonly number[]): Row {
  const minimum = Math.min(...rounds)
  const aim = { aim: `≤ ${most} ms`, met: value <= most }
  return { case: 'types rewritten', contender: `${name} of ${saves} saves`, value, unit: 'ms', minimum, rounds, ...aim }
}

/** µs of CPU time that neither the server nor this program used. */
function others(pid: number): number {
  return machineTime() - cpuTime(pid) - cpuTime(process.pid)
}

/** Waits until the file tells of a field. */
async function told(file: string, field: string): Promise<void> {
  const deadline = performance.now() + patience
  while (performance.now() < deadline) {
    if (readFileSync(file, 'utf8').includes(`${field}?`)) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(`The types did not tell of ${field} after ${patience} ms.`)
}
