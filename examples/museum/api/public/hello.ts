/** Everyone: what lies under `public/` needs no token. */
export default () => ({ hello: 'world' })
