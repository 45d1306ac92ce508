import { createTextPage } from './text-page.ts'
import type { PosternError } from '../errors/postern-error.ts'
import type { Answer } from './answer.ts'
import type { Incoming } from './incoming.ts'

/** A person in a browser is told what to add where; programs get the problem as JSON. */
export function wantsPage(error: PosternError, incoming: Incoming): boolean {
  const accept = incoming.headers['accept']
  return error.code === 'NOT_ACTIVATED' && typeof accept === 'string' && accept.includes('text/html')
}

export function problemPage(error: PosternError, incoming: Incoming): Answer {
  const page = createTextPage({
    title: `${error.status} ${error.title}`,
    paragraphs: [`${incoming.method} ${incoming.path}`, error.hint],
    pre: error.message,
    foot: `${error.code} · request ${incoming.id}`,
  })
  return { status: error.status, headers: { ...error.headers, ...page.headers }, body: page.html }
}
