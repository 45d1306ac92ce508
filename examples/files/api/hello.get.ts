/** The verb stands in the file's name; it is never a part of the path. */
export default () => 'Hello'
