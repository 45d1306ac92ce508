/** A page of the guide taken apart: the files of the site that it tells of, and the requests it promises answers to. */
export interface GuidePage {
  readonly steps: readonly GuideStep[]
  /** Parts of files of the project. */
  readonly quotes: readonly { readonly file: string; readonly text: string }[]
  /** Lines of `sh` blocks. */
  readonly commands: readonly string[]
  /** Code that nobody would test. */
  readonly untested: readonly string[]
  /** Links to other files, with their anchors. */
  readonly links: readonly string[]
}

export type GuideStep =
  | { readonly file: string; readonly text: string }
  | { readonly requests: readonly GuideRequest[] }
  /** A program that uses the site. */
  | { readonly run: string; readonly text: string }

export interface GuideRequest {
  /** `GET /api/custom?test=foo` */
  readonly request: string
  /** `token`, `tom`, `role:admin`. */
  readonly as: string | undefined
  readonly body: unknown
  readonly status: number
  /** JSON is a part of the answer, text the whole of it; empty: nothing is said of it. */
  readonly expected: string
}

const fence = /^```(\w+)(?: (title|run|quote)=(\S+))?\n([\s\S]*?)\n```$/gm

export function readGuidePage(markdown: string): GuidePage {
  const steps: GuideStep[] = []
  const commands: string[] = []
  const untested: string[] = []
  const quotes: { file: string; text: string }[] = []
  for (const [, language = '', word, name = '', text = ''] of markdown.matchAll(fence)) {
    if (word === 'title') steps.push({ file: name, text: `${text}\n` })
    else if (word === 'quote') quotes.push({ file: name, text })
    else if (word === 'run') steps.push({ run: name, text: `${text}\n` })
    else if (language === 'http') steps.push({ requests: text.split('\n\n').map(readRequest) })
    else if (language === 'sh') commands.push(...text.split('\n'))
    else if (language !== 'text') untested.push(text)
  }
  const prose = markdown.replaceAll(fence, '')
  const links = [...prose.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !link.includes('://'))
  return { steps, quotes, commands, untested, links }
}

/** `POST /api/objects as tom {"title":"x"} → 201`, and below it what is answered. */
function readRequest(text: string): GuideRequest {
  const [line = '', ...answer] = text.split('\n')
  const found = /^([A-Z]+ \S+)(?: as (\S+))?(?: (\{.*\}))? → (\d{3})$/.exec(line)
  if (found === null) throw new Error(`Not a request of the guide: ${line}`)
  const [, request = '', as, body, status = ''] = found
  const parsed: unknown = body === undefined ? undefined : JSON.parse(body)
  return { request, as, body: parsed, status: Number(status), expected: answer.join('\n') }
}

/** The anchors that headings make, as GitHub makes them. */
export function anchorsOf(markdown: string): readonly string[] {
  const headings = markdown.replaceAll(fence, '').matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
