import { z } from 'zod'
import type { Call } from '../../endpoint/call.ts'
import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { allow } from '../../rules/allow.ts'

/** What every endpoint behind a one-time link takes at least. */
export const linkBody = z.strictObject({ link: z.string().min(1).max(200) })

interface Page {
  readonly id: string
  readonly path: string
  readonly title: string
  readonly button: string
  readonly fields: readonly {
    readonly name: string
    readonly label: string
    readonly type: string
    readonly hint: string
  }[]
}

/**
 * The page that a link of a mail or of the console opens: a plain form without scripts that posts to the endpoint of the
 * same path. Opening it uses nothing up, since mail programs open links by themselves.
 */
export function linkPage(page: Page): DefinedEndpoint {
  return defineEndpoint({
    id: page.id,
    method: 'GET',
    path: page.path,
    description: `The form behind a one-time link: ${page.title.toLowerCase()}.`,
    authorize: allow.everyone,
    query: z.object({ link: z.string().max(200).optional() }),
    handler: ({ query }) => pageOf(page.title, formOf(page, query.link ?? '')),
  })
}

/** The answer to such a form: a page with one sentence for the browser that sent it, the data for a program. */
export function linkAnswer(call: Pick<Call, 'headers'>, sentence: string, data: unknown): unknown {
  return call.headers['accept']?.includes('text/html') === true ? pageOf(sentence, '') : data
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

function pageOf(title: string, body: string): Response {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>body{font:16px/1.5 system-ui;max-width:24rem;margin:4rem auto;padding:0 1rem}
label,input,button{display:block;width:100%;box-sizing:border-box}label{margin:1rem 0}input,button{font:inherit;padding:.5rem}</style></head>
<body><h1>${title}</h1>${body}</body></html>`
  return new Response(page, { headers: pageHeaders })
}

function formOf(page: Page, link: string): string {
  const fields = page.fields.map(
    ({ name, label, type, hint }) =>
      `<label>${label}<input name="${name}" type="${type}" autocomplete="${hint}" required></label>`,
  )
  return `<form method="post"><input type="hidden" name="link" value="${escaped(link)}">${fields.join('')}
<button>${page.button}</button></form>`
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w-]/g, (char) => `&#${char.codePointAt(0) ?? 0};`)
}
