import { styleText } from 'node:util'

export interface Paint {
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

/** Colours, or none: the text is the same either way. */
export function paint(colours: boolean): Paint {
  const as = (style: 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'cyan') => (text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text
  return {
    dim: as('dim'),
    bold: as('bold'),
    red: as('red'),
    green: as('green'),
    yellow: as('yellow'),
    cyan: as('cyan'),
  }
}

/** Whether a stream wants colours: a terminal does, unless NO_COLOR says no; FORCE_COLOR overrules a pipe. */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0') return true
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
