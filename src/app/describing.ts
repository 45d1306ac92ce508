import type { Changes } from '../describe/changes.ts'
import { describeEndpoints } from '../describe/describe-endpoints.ts'
import type { DescribePorts, ExplorerTools } from '../describe/ports.ts'
import type { TypeData } from '../content/define-type.ts'
import type { Settings } from '../config/settings.ts'
import type { Definition } from '../endpoint/record.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import type { Serving } from './serving.ts'

export interface DescribingOptions {
  /** What the site is called. */
  readonly title: string
  readonly settings: Settings
  readonly development: boolean
  readonly cookie: string
  readonly serving: () => Serving
  readonly problems: () => readonly SiteProblem[]
  readonly changes: Changes
  /** The address that the last request came to. */
  readonly base: () => string
  readonly tools: Partial<ExplorerTools>
  readonly refusal: NonNullable<DescribePorts['refusal']>
  readonly maySee: NonNullable<DescribePorts['maySee']>
}

/** Index, OpenAPI and the explorer's data, told of whatever serves when they are asked. */
export function describing(options: DescribingOptions): readonly Definition[] {
  const { settings, serving, changes } = options
  return describeEndpoints(
    {
      api: apiFacts(options),
      told: () => ({
        endpoints: serving().registry.endpoints.filter(({ hidden }) => hidden !== true),
        problems: options.problems(),
        types: typeFacts(serving()),
      }),
      changes,
      explorer: explorerMode(settings, options.development),
      tools: options.tools,
      refusal: options.refusal,
      maySee: options.maySee,
    },
    settings.api.base,
  )
}

export function explorerMode(settings: Settings, development: boolean): DescribePorts['explorer'] {
  if (!settings.explorer) return 'off'
  return development ? 'open' : 'admins'
}

function apiFacts({ title, settings, cookie, base }: DescribingOptions): DescribePorts['api'] {
  return {
    title,
    version: '1',
    get url() {
      return base()
    },
    tokenHeader: settings.tokens.header,
    ...(settings.tokens.query ? { tokenQuery: 'token' } : {}),
    cookie,
  }
}

function typeFacts({ site }: Serving): { name: string; plural: string; fields: string[] }[] {
  return (site.types as readonly TypeData[]).map(({ name, plural, fields }) => ({
    name,
    plural,
    fields: Object.keys(fields),
  }))
}
