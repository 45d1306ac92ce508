import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Nothing that talks to anybody, so that a request to the outside is ours. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser that the tests drive: `CHROMIUM`, else an installed one, else Debian's, which is installed and said so. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium() ?? installChromium(), args: flags })
}

function findChromium(): string | undefined {
  const given = process.env['CHROMIUM']
  if (given !== undefined && existsSync(given)) return given
  const folders = (process.env['PATH'] ?? '').split(':')
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((path) => existsSync(path))
}

function installChromium(): string {
  process.stderr.write("The browser tests need Chromium: installing Debian's package (apt-get install chromium).\n")
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore' })
  } catch (cause) {
    throw new Error('No Chromium was found and none could be installed: install one, or set CHROMIUM to its path.', {
      cause,
    })
  }
  return '/usr/bin/chromium'
}
