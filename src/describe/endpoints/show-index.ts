import { anonymous } from '../../endpoint/caller.ts'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { problemsPage } from '../problems-page.ts'
import { siteIndex } from '../site-index.ts'
import type { DescribePorts } from '../ports.ts'

/** A browser is shown what is wrong with the site's files, as long as something is. */
export function showIndex(ports: DescribePorts): DefinedEndpoint {
  return defineEndpoint({
    id: 'index.show',
    description: 'The endpoints of this site: name and address of each.',
    authorize: 'everyone',
    handler: ({ headers, reply }) => {
      const { endpoints, problems } = ports.told()
      const { maySee = () => true } = ports
      const index = siteIndex(
        endpoints.filter((endpoint) => maySee(endpoint, anonymous)),
        ports.api.url,
      )
      const broken = problems.filter((problem) => problem.fatal)
      reply.header('vary', 'accept')
      if (broken.length === 0 || ports.explorer !== 'open' || !headers['accept']?.includes('text/html')) return index
      reply.type('text/html; charset=utf-8')
      return problemsPage(broken, index)
    },
  })
}
