import type { Call } from 'postern'

/** Below `public/` nobody needs a token. */
export default ({ param }: Call) => param('test') ?? false
