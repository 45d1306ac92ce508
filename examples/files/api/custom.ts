import type { Call } from 'postern'

/** `/api/custom?token=…&test=foo,bar,baz` → `foo,bar,baz`; without `test` 404; without a token 401. */
export default ({ param }: Call) => param('test') ?? false
