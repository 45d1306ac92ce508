import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Editors with a window of their own; one that needs the terminal cannot be opened from a page. */
const placeOf: Readonly<Record<string, (file: string, line: number) => readonly string[]>> = {
  code: (file, line) => ['--goto', `${file}:${line}`],
  codium: (file, line) => ['--goto', `${file}:${line}`],
  cursor: (file, line) => ['--goto', `${file}:${line}`],
  zed: (file, line) => [`${file}:${line}`],
  subl: (file, line) => [`${file}:${line}`],
  idea: (file, line) => ['--line', `${line}`, file],
  webstorm: (file, line) => ['--line', `${line}`, file],
}

/** How to open a file in the editor that the environment names; `undefined` where it names none with a window. */
export function editorOf(
  env: Readonly<Record<string, string | undefined>>,
): ((file: string, line: number) => void) | undefined {
  const [command = '', ...options] = (env['VISUAL'] ?? env['EDITOR'] ?? '').split(' ')
  const place = placeOf[basename(command)]
  if (place === undefined) return undefined
  return (file, line) => {
    const editor = spawn(command, [...options, ...place(file, line)], { stdio: 'ignore', detached: true })
    // Where there is no such editor, the file is simply not opened.
    editor.on('error', () => undefined)
    editor.unref()
  }
}
