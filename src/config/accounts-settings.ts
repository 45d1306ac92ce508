import { z } from 'zod'
import { setting } from './setting.ts'

/** Settings about people: sign-in, roles, sessions. */
export const accountsSettings = z.strictObject({
  roles: setting(z.record(z.string(), z.array(z.string())).default({}), {
    doc: 'Roles that include others, such as `{ admin: ["editor"] }`.',
  }),
})
