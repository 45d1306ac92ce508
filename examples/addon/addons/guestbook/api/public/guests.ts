import type { Call } from 'postern'

/** An addon has a site's own rooms: this is `/api/public/guests`. */
export default async ({ content }: Call) => (await content.list('entry')).data.map((entry) => entry.text)
