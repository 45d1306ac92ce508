/**
 * Whether a house grows with the number of its swaps. As a command: `node --conditions=postern-source
 * test/campaigns/swap-growth.ts 1000` prints heap and RSS as it goes; the suite runs a short one.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'

export interface Growth {
  readonly swaps: number
  /** MB of the house's own heap, after a full collection, and of the whole process. */
  readonly heap: number
  readonly rss: number
}

const endpoints = 20
const settings = { accounts: { limits: { requests: 0, requestsPerAddress: 0 } } }

/** Measures before the first swap that counts, and after each tenth part of them. */
export async function measureGrowth(
  swaps: number,
  seen: (growth: Growth) => void = () => {},
): Promise<readonly Growth[]> {
  await using site = await openTestSite({ files: files(0), settings, isolation: 'thread', mode: 'dev' })
  for (let warm = 0; warm < 5; warm++) await swap(site, warm)
  const measured = [await measure(0)]
  const step = Math.ceil(swaps / 10)
  for (let count = 1; count <= swaps; count++) {
    await swap(site, count)
    if (count % step !== 0) continue
    const growth = await measure(count)
    seen(growth)
    measured.push(growth)
  }
  return measured
}

async function swap(site: TestSite, count: number): Promise<void> {
  const wanted = `0 of ${count + 1_000}`
  const end = performance.now() + 20_000
  site.write('api/public/e0.ts', endpoint(0, count + 1_000))
  for (;;) {
    const { text } = await site.request('GET', '/api/public/e0')
    if (text === wanted) return
    if (performance.now() > end) throw new Error(`${text} answers, and not ${wanted}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}

async function measure(swaps: number): Promise<Growth> {
  await new Promise((resolve) => {
    setTimeout(resolve, 500)
  })
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  return { swaps, heap: heapUsed / 1_048_576, rss: rss / 1_048_576 }
}

function collect(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
}

function files(state: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: endpoints }, (_, number) => [`api/public/e${number}.ts`, endpoint(number, state)]),
  )
}

function endpoint(number: number, state: number): string {
  return `import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ handler: () => '${number} of ${state}' })\n`
}

if (import.meta.main) {
  const swaps = Number(process.argv[2] ?? 1_000)
  const [first] = await measureGrowth(swaps, ({ swaps: done, heap, rss }) => {
    process.stdout.write(`${done} swaps: heap ${heap.toFixed(1)} MB, RSS ${rss.toFixed(0)} MB\n`)
  })
  process.stdout.write(`before: heap ${first?.heap.toFixed(1)} MB, RSS ${first?.rss.toFixed(0)} MB\n`)
}
