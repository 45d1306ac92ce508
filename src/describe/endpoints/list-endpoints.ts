import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { errorStatuses, explorerEndpoint, type ExplorerData } from '../explorer-data.ts'
import { explorerRule, isOwnPage } from '../explorer-rule.ts'
import type { DescribePorts } from '../ports.ts'
import { seenBy } from '../seen-by.ts'

/** In development everything is shown, so that one can see what is refused and why; in production what the administrator may call. */
export function listEndpoints(ports: DescribePorts): DefinedEndpoint {
  const inDevelopment = ports.explorer === 'open'
  return defineEndpoint({
    id: 'explorer.endpoints',
    description: 'All that the explorer shows.',
    authorize: explorerRule(ports),
    handler: async (call): Promise<ExplorerData> => {
      const told = ports.told()
      const { tools = {} } = ports
      const endpoints = inDevelopment ? told.endpoints : seenBy(ports, call.caller)
      return {
        title: ports.api.title,
        url: ports.api.url,
        tokenHeader: ports.api.tokenHeader,
        mode: inDevelopment ? 'development' : 'production',
        can: {
          actAs: inDevelopment && tools.actAs !== undefined,
          why: tools.why !== undefined,
          save: inDevelopment && tools.writeFile !== undefined,
          open: inDevelopment && tools.openEditor !== undefined,
        },
        endpoints: endpoints.map((endpoint) => explorerEndpoint(endpoint, inDevelopment)),
        statuses: errorStatuses(),
        problems: inDevelopment ? told.problems : [],
        types: told.types.map(({ name, plural, fields }) => ({ name, plural, fields })),
        people:
          inDevelopment && tools.people && isOwnPage(call, ports.api.url)
            ? await tools.people()
            : { users: [], roles: [], tokens: [] },
      }
    },
  })
}
