import type { Seeding } from 'postern'

/** One person of each kind, a token for each, and lines that show the difference. */
export async function makePeople({
  accounts,
  content,
  note,
}: Pick<Seeding, 'accounts' | 'content' | 'note'>): Promise<void> {
  const tom = await accounts.createUser({ name: 'tom', roles: ['member'] })
  const ann = await accounts.createUser({ name: 'ann', roles: ['curator'] })
  await accounts.createUser({ name: 'eve', roles: ['admin'] })
  await content.create('member', { slug: 'tom', title: 'Tom', code: 'AAA', city: 'Leeds', owner: tom.id })
  await content.create('member', { slug: 'ann', title: 'Ann', code: 'BBB', city: 'Bath', owner: ann.id })
  const tokens = {
    demo: await accounts.createToken({ name: 'demo' }),
    tom: await accounts.createToken({ name: 'tom, a member', user: 'tom' }),
    ann: await accounts.createToken({ name: 'ann, a curator', user: 'ann' }),
  }
  note(`Tokens, shown this once:
  demo (no user)    ${tokens.demo.token}
  tom (a member)    ${tokens.tom.token}
  ann (a curator)   ${tokens.ann.token}`)
  note(`Try it:
curl -g '{address}/api/artworks?filter[query]=sunset&page_size=3'
curl '{address}/api/public/hello'
curl '{address}/api/hello?token=${tokens.demo.token}&name=Ann'
curl -H 'Authorization: Bearer ${tokens.tom.token}' '{address}/members/account/AAA'`)
}
