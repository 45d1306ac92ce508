/** The site's own; the addons' hooks go around it too. */
export default () => 'plain'
