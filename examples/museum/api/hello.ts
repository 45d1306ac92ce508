/** Any valid token, and any verb: `/api/hello?name=Ann`. */
export default ({ param }: { param: (name: string, fallback: string) => string }) =>
  `Hello, ${param('name', 'stranger')}`
