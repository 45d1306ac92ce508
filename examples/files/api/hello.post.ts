import type { Call } from 'postern'

/** JSON and forms are read alike. */
export default ({ param, reply }: Call) => {
  reply.status(201).header('location', '/api/hello')
  return { hello: param('name', 'whoever you are') }
}
