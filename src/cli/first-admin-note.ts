import type { OpenHouse } from '../app.ts'

/** What a site without an administrator has to tell whoever started it, and nobody else. */
export async function firstAdminNote({ accounts }: OpenHouse): Promise<readonly string[]> {
  const link = await accounts.firstAdminLink()
  return link === undefined ? [] : [`No administrator yet. Whoever opens this link first becomes one:\n${link}`]
}
