/** `npm run sweep:logs`: starts a server, sends and makes secrets in every way, and looks for them in all that it printed. */
import { sweepLogs } from '../test/canary/sweep.ts'

for (const format of ['json', 'pretty'] as const) {
  const { requests, secrets, printed, hits } = await sweepLogs(format)
  for (const hit of hits) console.log(hit)
  const lines = printed.split('\n').length
  console.log(`${format}: ${requests} requests, ${secrets} secrets, ${lines} lines printed, ${hits.length} hits.`)
  if (hits.length > 0) process.exitCode = 1
}
