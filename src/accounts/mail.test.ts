import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createMail, type Message } from './mail.ts'

const from = 'Site <no-reply@site.test>'
const message: Message = { to: 'ann@site.test', subject: 'A new password', text: 'Hello ann' }

describe('a mail', () => {
  it('is handed to the mail server that is named, and to no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-mail-'))
    await using server = await openMailServer()
    await createMail({ from, smtp: server.url, folder }).send(message)
    assert.match(server.heard(), /^MAIL FROM:<no-reply@site\.test>/m)
    assert.match(server.heard(), /^RCPT TO:<ann@site\.test>/m)
    assert.match(server.heard(), /^Subject: A new password/m)
    assert.match(server.heard(), /Hello ann/)
    assert.deepEqual(readdirSync(folder), [])
    rmSync(folder, { recursive: true })
  })

  it('is a file each in a folder, which need not be there yet', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-mail-'))
    const inner = join(folder, 'not', 'yet')
    const mail = createMail({ from, folder: inner })
    await Promise.all([mail.send(message), mail.send({ ...message, to: 'bob@site.test' })])
    const texts = readdirSync(inner).map((file) => readFileSync(join(inner, file), 'utf8'))
    assert.deepEqual(texts.map((text) => /^To: (.*?)\r?$/m.exec(text)?.[1] ?? '').toSorted(), [
      'ann@site.test',
      'bob@site.test',
    ])
    rmSync(folder, { recursive: true })
  })

  it('goes nowhere where neither is named, without a failure', async () => {
    assert.equal(await createMail({ from }).send(message), undefined)
  })
})

/** As much of a mail server as a client needs to be rid of its mail. */
async function openMailServer() {
  let heard = ''
  const server = createServer((socket) => {
    let isMail = false
    socket.write('220 ready\r\n')
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      const isEnd = isMail && heard.endsWith('\r\n.\r\n')
      const isAsked = !isMail && text.startsWith('DATA')
      if (isAsked || isEnd) isMail = isAsked
      if (isAsked) socket.write('354 go on\r\n')
      else if (text.startsWith('QUIT')) socket.end('221 bye\r\n')
      else if (!isMail) socket.write('250 fine\r\n')
    })
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
