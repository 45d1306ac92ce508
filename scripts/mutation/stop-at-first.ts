import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'

/** A reporter that ends the run with the first test that fails, and says which. */
export default async function* stopAtFirst(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:fail') continue
    process.stdout.write(`${data.name}: ${inspect(data.details.error)}\n`)
    process.exit(1)
  }
  yield ''
}
