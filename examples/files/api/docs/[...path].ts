import type { Call } from 'postern'

/** One name for all that is left of the path. */
export const GET = ({ params }: Call) => ({ page: String(params.path).split('/') })
