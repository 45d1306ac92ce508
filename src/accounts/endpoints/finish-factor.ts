import { z } from 'zod'
import type { DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'
import { useLink } from '../links.ts'
import { ownPath } from '../oidc.ts'
import { refuseForeignPage } from '../origin.ts'
import type { Room } from '../room.ts'
import { badLogin, findCredentials, refuseUnfinished } from '../sign-in.ts'
import { enterByCookie } from './enter-by-cookie.ts'
import { linkBody } from './link-page.ts'
import { peopleEndpoint, visitorOf } from './people-endpoint.ts'

/** A wrong code uses the link up: the next try begins at the provider again. */
export function finishFactor(room: Room): DefinedEndpoint {
  return peopleEndpoint({
    id: 'auth.finish_factor',
    method: 'POST',
    path: '/auth/factor',
    description: 'The second factor after a sign-in elsewhere. Opens a cookie session.',
    authorize: allow.everyone,
    bodyLimit: 10_000,
    rateLimit: 10,
    body: linkBody.extend({ code: z.string().min(1).max(20) }),
    handler: async (call, { link: secret, code }) => {
      refuseForeignPage(room.settings, call)
      const link = await useLink(room, { purpose: 'factor', secret }, async (found) => found)
      const user = link.user === null ? undefined : await findCredentials(room, link.user)
      if (user === undefined || !user.active) throw badLogin()
      await refuseUnfinished(room, user, { ...visitorOf(call), code })
      const returnTo = ownPath(linkData.parse(link.data).returnTo)
      return enterByCookie(room, call, { user, detail: { factor: true }, returnTo })
    },
  })
}

const linkData = z.object({ returnTo: z.string() })
