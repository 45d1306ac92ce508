import { test } from 'node:test'
import { controller, expectAnswers } from '../fixtures/controller-files.ts'
import { siteHouse } from '../fixtures/site-house.ts'

test('names for built-in endpoints: added by class, config and constructor, or all replaced', async () => {
  const asks = (replace: boolean): Record<string, string> =>
    controller(`
      endPoints = ['friends']
      allowedUrlParams = { objects: ['from_class'] }
      constructor() { super(); this.validator.registerAllowedUrlParams({ objects: ['custom_param'] }, ${!replace}) }
      friends(word) { if (word) this.validator.registerAllowedUrlParams({ objects: [word] }); return 'ok' }`)
  await using added = await siteHouse(asks(false))
  await expectAnswers(added, [
    ['GET /api/objects?custom_param=1&from_class=1&page=1', 200],
    ['GET /api/objects?other=1', 400],
    ['POST /api/objects?custom_param=1', 400],
    ['GET /api/objects?later=1', 400],
    ['GET /api/friends/later', 200],
    ['GET /api/objects?later=1&page=1', 200],
  ])
  await using replaced = await siteHouse(asks(true))
  await expectAnswers(replaced, [
    ['GET /api/objects?custom_param=1', 200],
    ['GET /api/objects?page=1', 400],
    ['GET /api/objects?from_class=1', 400],
    ['GET /api/friends?page=1', 400],
  ])
})
