import type { WhyAsked } from '../../../src/describe/ports.ts'

/** What the server tells the page; the shapes are the server's own, so that they cannot drift apart. */
export type { ExplorerData, ExplorerEndpoint, ExplorerOperation } from '../../../src/describe/explorer-data.ts'
export type { Input } from '../../../src/describe/inputs.ts'
export type { ActAs } from '../../../src/describe/ports.ts'
export type { Why, WhyStep } from '../../../src/describe/why.ts'
export type { Explained } from '../../../src/rules/explain.ts'
export type { SiteProblem } from '../../../src/registry/site-folder.ts'
export type { JsonSchema } from '../../../src/schema/standard.ts'
export type { Verb } from '../../../src/endpoint/method.ts'

/** Who would be asking. */
export type AskedAs = NonNullable<WhyAsked['as']>
