import type { OpenHouse } from '../app.ts'

/** What a site without an administrator has to tell whoever started it, and nobody else. */
export async function firstAdminNote({ accounts, records }: OpenHouse): Promise<readonly string[]> {
  // A site may have put all of /api/auth on its blacklist: the link would lead nowhere.
  if (!records().some(({ id }) => id === 'auth.first_admin_page')) return []
  const link = await accounts.firstAdminLink()
  return link === undefined ? [] : [`No administrator yet. Whoever opens this link first becomes one:\n${link}`]
}
