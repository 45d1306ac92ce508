import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A mail as plain text: nothing in it is ever read as markup or as a template. */
export interface Message {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mail {
  readonly send: (message: Message) => Promise<void>
}

export interface MailSettings {
  /** The sender, such as `Museum <no-reply@example.org>`. */
  readonly from: string
  /** `smtp://user:password@host:587`. Absent: mails are written to `folder`. */
  readonly smtp?: string | undefined
  readonly folder?: string | undefined
}

export function createMail(settings: MailSettings): Mail {
  const { smtp, folder } = settings
  if (smtp !== undefined) return smtpMail(settings.from, smtp)
  return folder === undefined ? noMail : folderMail(settings.from, folder)
}

/** The library takes 50 ms to load, which a site that sends no mail need not wait for at its start. */
function smtpMail(from: string, url: string): Mail {
  return {
    send: async (message) => {
      const { createTransport } = await import('nodemailer')
      await createTransport(url).sendMail({ from, ...message })
    },
  }
}

/** One `.eml` file each, which mail programs open. */
function folderMail(from: string, folder: string): Mail {
  let count = 0
  return {
    send: async (message) => {
      const { createTransport } = await import('nodemailer')
      const made = await createTransport({ streamTransport: true, buffer: true }).sendMail({ from, ...message })
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, `${Date.now()}-${count++}.eml`), made.message)
    },
  }
}

const noMail: Mail = { send: async () => {} }
