/** Where `postern types` writes a site's types, below its folder. Types alone: a site is no other because of them. */
export const typesFile = 'postern-site.ts'
