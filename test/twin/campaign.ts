/** `npm run campaign:twin [-- requests [seed [postgres]]]`: the twin test at length; prints how far it is, and what differed. */
import { differenceOf } from './compare.ts'
import { RequestMaker, type MadeRequest } from './request-maker.ts'
import { openTwins } from './twin-sites.ts'

const requests = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
const isPostgres = process.argv[4] === 'postgres'
await using twins = await openTwins(isPostgres ? 'postgres' : 'sqlite')
const maker = new RequestMaker(seed, twins.ids, Object.keys(twins.tokens))
const started = performance.now()
let differing = 0
let upcoming: MadeRequest | undefined
for (let count = 0; count < requests;) {
  const together = nextRequests(requests - count)
  for (const difference of await Promise.all(together.map((request) => differenceOf(twins, request)))) {
    if (difference === undefined) continue
    differing++
    process.stdout.write(`${JSON.stringify(difference, undefined, 2)}\n`)
  }
  const before = count
  count += together.length
  if (Math.floor(count / 10_000) > Math.floor(before / 10_000))
    process.stderr.write(
      `${count} of ${requests} requests, ${differing} differing, ${Math.round((performance.now() - started) / 1_000)} s\n`,
    )
}
process.stdout.write(
  `${requests} requests with seed ${seed} on ${isPostgres ? 'PostgreSQL' : 'SQLite'}: ${differing} answered differently.\n`,
)
process.exitCode = differing === 0 ? 0 : 1

/** Reads go side by side; what may change something goes alone, so that both twins see the same order. */
function nextRequests(most: number): MadeRequest[] {
  const together: MadeRequest[] = []
  while (together.length < Math.min(most, 16)) {
    const request = upcoming ?? maker.next()
    upcoming = undefined
    if (request.method !== 'GET' && together.length > 0) {
      upcoming = request
      break
    }
    together.push(request)
    if (request.method !== 'GET') break
  }
  return together
}
