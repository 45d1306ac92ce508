export default () => ({ hello: 'world' })
