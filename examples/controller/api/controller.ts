import { allow, ApiController } from 'postern'

const friends = ['Tom', 'Jerry']

export default class SiteApi extends ApiController {
  override endPoints = ['friends', 'greetings', 'diary', 'learn']
  override blacklistEndPoints = ['auth']
  override whitelistObjectTypes = ['document']
  override allowedUrlParams = { _page: ['page', 'page_size'], friends: ['_page', 'city'] }
  override allowedObjectsUrlPath = { get: ['children', 'foo_bar'] }
  override authorize = { diary: allow.any(allow.role('admin'), allow.self({ param: 'userId' })) }

  friends(): void {
    this.setData(friends)
  }

  getGreetings(name = 'you'): string {
    return `Hello ${name}`
  }

  postGreetings(...names: string[]): void {
    this.setData({ greeted: names.length })
  }

  deleteGreetings(): void {
    this.emptyResponse()
  }

  getDiary(userId?: string, day?: string): unknown {
    return { userId, day }
  }

  /** What is registered while the site runs stays until it is loaded anew. */
  learn(): void {
    this.validator.registerAllowedUrlParams({ greetings: ['loud'] })
  }

  /** `GET /api/objects/:id/foo_bar[/:fooVal]`; who may not see the object is told that there is none. */
  getObjectsFooBar(objectId: number, fooVal?: string): unknown {
    return { objectId, fooVal }
  }
}
