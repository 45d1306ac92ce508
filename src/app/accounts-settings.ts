import { join } from 'node:path'
import type { AccountsSettings } from '../accounts/settings.ts'
import type { Settings } from '../config/settings.ts'

/** What the site's settings say to the accounts room. */
export function accountsSettings(settings: Settings, secret: string): AccountsSettings {
  const { mail, register, oidc, ...rest } = settings.accounts
  return {
    ...rest,
    ...(register === undefined ? {} : { register }),
    oidc,
    mail: { ...mail, folder: join(settings.dataDir, 'mails') },
    tokens: settings.tokens,
    publicUrl: settings.publicUrl,
    apiBase: settings.api.base,
    secret,
  }
}
