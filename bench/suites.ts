import { hello } from './cases/hello.ts'
import { start } from './cases/start.ts'
import type { Suite } from './harness/suite.ts'

/** In the order in which they are run. */
export const suites: readonly Suite[] = [hello, start]
