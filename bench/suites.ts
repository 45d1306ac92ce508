import { access } from './cases/access.ts'
import { types } from './cases/client-types.ts'
import { content } from './cases/content.ts'
import { growth } from './cases/growth.ts'
import { hello } from './cases/hello.ts'
import { neighbours } from './cases/neighbours.ts'
import { routes } from './cases/routes.ts'
import { signIns } from './cases/sign-ins.ts'
import { start } from './cases/start.ts'
import { swap } from './cases/swap.ts'
import { testKit } from './cases/test-kit.ts'
import type { Suite } from './harness/suite.ts'

/** In the order in which they are run. */
export const suites: readonly Suite[] = [
  hello,
  start,
  routes,
  swap,
  types,
  testKit,
  neighbours,
  signIns,
  access,
  content,
  growth,
]
