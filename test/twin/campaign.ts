/** `npm run campaign:twin [-- requests [seed [postgres]]]`: the twin test at length; prints how far it is, and what differed. */
import { differenceOf } from './compare.ts'
import { RequestMaker } from './request-maker.ts'
import { openTwins } from './twin-sites.ts'

const requests = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? 1)
const isPostgres = process.argv[4] === 'postgres'
await using twins = await openTwins(isPostgres ? 'postgres' : 'sqlite')
const maker = new RequestMaker(seed, twins.ids, Object.keys(twins.tokens))
const started = performance.now()
let differing = 0
for (let count = 1; count <= requests; count++) {
  const difference = await differenceOf(twins, maker.next())
  if (difference) {
    differing++
    process.stdout.write(`${JSON.stringify(difference, undefined, 2)}\n`)
  }
  if (count % 10_000 === 0)
    process.stderr.write(
      `${count} of ${requests} requests, ${differing} differing, ${Math.round((performance.now() - started) / 1_000)} s\n`,
    )
}
process.stdout.write(
  `${requests} requests with seed ${seed} on ${isPostgres ? 'PostgreSQL' : 'SQLite'}: ${differing} answered differently.\n`,
)
process.exitCode = differing === 0 ? 0 : 1
