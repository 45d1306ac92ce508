import type { Page } from './page.ts'

interface Health {
  /** May take traffic: the house is ready, and the server is not stopping. */
  readonly ready: () => boolean
}

/** `/healthz`: the process answers. `/readyz`: it may take traffic. Both look at memory only, so nobody can make them dear. */
export function healthPages({ ready }: Health): readonly Page[] {
  return [
    { path: '/healthz', answer: () => report(200, 'alive') },
    { path: '/readyz', answer: () => (ready() ? report(200, 'ready') : report(503, 'not ready')) },
  ]
}

function report(status: number, word: string) {
  const headers = { 'content-type': 'application/json', ...(status === 503 ? { 'retry-after': '1' } : {}) }
  return { status, headers, body: JSON.stringify({ status: word }) }
}
