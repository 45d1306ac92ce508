import { z } from 'zod'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { verbs } from '../../endpoint/method.ts'
import { explorerRule, refuseForeign } from '../explorer-rule.ts'
import type { DescribePorts, ExplorerTools } from '../ports.ts'
import { recordedSchema, scenarioText } from '../scenario-text.ts'

const actAsSchema = z.union([
  z.strictObject({ user: z.string().min(1) }),
  z.strictObject({ role: z.string().min(1) }),
  z.strictObject({ token: z.string().min(1).max(100) }),
])
const whoSchema = z.union([...actAsSchema.options, z.strictObject({ credential: z.string().min(1).max(200) })])

/** The explorer's tools, as far as the house offers them: `[name of the path's last segment, endpoint]`. */
export function useTools(ports: DescribePorts): readonly (readonly [string, DefinedEndpoint])[] {
  const { actAs, why, writeFile, openEditor }: Partial<ExplorerTools> = ports.tools ?? {}
  const inDevelopment = ports.explorer === 'open'
  return [
    ...(why ? [['why', askWhy(ports, why)] as const] : []),
    ...(actAs && inDevelopment ? [['as', sendAs(ports, actAs)] as const] : []),
    ...(writeFile && inDevelopment ? [['scenarios', saveScenario(ports, writeFile)] as const] : []),
    ...(openEditor && inDevelopment ? [['open', openFile(ports, openEditor)] as const] : []),
  ]
}

function askWhy(ports: DescribePorts, why: ExplorerTools['why']): DefinedEndpoint {
  return defineEndpoint({
    id: 'explorer.why',
    description:
      'The steps of the road for a request that is described, not sent: who would be asking, and what would be answered.',
    authorize: explorerRule(ports),
    body: z.strictObject({ method: z.enum(verbs), path: z.string().startsWith('/'), as: whoSchema.optional() }),
    handler: (call) => {
      if (ports.explorer === 'open') refuseForeign(call, ports.api.url)
      call.reply.header('cache-control', 'no-store')
      return why({ ...call.body, as: call.body.as })
    },
  })
}

function sendAs(ports: DescribePorts, actAs: ExplorerTools['actAs']): DefinedEndpoint {
  return defineEndpoint({
    id: 'explorer.as',
    description: 'A short-lived credential to send as a user, a role or an API token, in development only.',
    authorize: explorerRule(ports),
    body: actAsSchema,
    handler: (call) => {
      refuseForeign(call, ports.api.url)
      call.reply.header('cache-control', 'no-store')
      return actAs(call.body)
    },
  })
}

function saveScenario(ports: DescribePorts, writeFile: ExplorerTools['writeFile']): DefinedEndpoint {
  return defineEndpoint({
    id: 'explorer.scenarios',
    description: 'Writes a recorded request and its answer as a test file of the site.',
    authorize: explorerRule(ports),
    body: recordedSchema,
    handler: async (call) => {
      refuseForeign(call, ports.api.url)
      const { file, text } = scenarioText(call.body)
      await writeFile(file, text)
      call.reply.status(201)
      return { file, text }
    },
  })
}

function openFile(ports: DescribePorts, openEditor: ExplorerTools['openEditor']): DefinedEndpoint {
  return defineEndpoint({
    id: 'explorer.open',
    description: 'Opens the file of an endpoint in the editor of whoever runs the server.',
    authorize: explorerRule(ports),
    body: z.strictObject({ id: z.string() }),
    handler: async (call) => {
      refuseForeign(call, ports.api.url)
      const endpoint = ports.told().endpoints.find(({ id }) => id === call.body.id)
      if (endpoint === undefined || endpoint.source === 'builtin') return false
      await openEditor(endpoint.origin.file, endpoint.origin.line)
      return true
    },
  })
}
