import type { OpenHouse } from '../app.ts'
import type { Settings } from '../config/settings.ts'
import { explorerPages, handOut } from '../describe/explorer-pages.ts'
import type { Observer } from '../observe/observer.ts'
import { openServer, type OpenServer } from '../server/open-server.ts'
import type { Page } from '../server/page.ts'
import { stopOnSignals } from './stop-on-signals.ts'
import { sweepWhenIdle } from './sweep-when-idle.ts'

interface Served {
  readonly house: OpenHouse
  readonly observer: Observer
}

/** Serves an open house until the process is told to stop. */
export async function serveSite({ house, observer }: Served): Promise<OpenServer> {
  const server = await openServer({ house, observer, pages: sitePages(house.settings) }).catch(
    async (thrown: unknown) => {
      await house.close(0)
      throw thrown
    },
  )
  house.accounts.servedAt(server.address)
  sweepWhenIdle(server.isIdle)
  stopOnSignals({ server, observer, grace: house.settings.grace })
  return server
}

/** What is served beside the endpoints. */
export function sitePages({ explorer }: Pick<Settings, 'explorer'>): readonly Page[] {
  if (!explorer) return []
  let files: ReturnType<typeof explorerPages> | undefined
  return [
    {
      path: '/explorer',
      below: true,
      answer: ({ path, headers }) => {
        files ??= explorerPages()
        const file = files.get(path) ?? (isView(path) ? files.get('/explorer') : undefined)
        if (file === undefined)
          return {
            status: 404,
            headers: { 'content-type': 'text/plain; charset=utf-8' },
            body: 'There is no such file.\n',
          }
        return { status: 200, ...handOut(file, headers['accept-encoding']) }
      },
    },
  ]
}

/** The page keeps its own state in the path below it; only assets are files. */
function isView(path: string): boolean {
  return !path.startsWith('/explorer/assets/') && !/\.[a-z0-9]+$/i.test(path)
}
