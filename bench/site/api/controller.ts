import { allow, ApiController } from 'postern'

export default class GreeterApi extends ApiController {
  override endPoints = ['greet', 'welcome', 'seek']
  override authorize = { greet: allow.everyone, welcome: allow.token, seek: allow.token }
  override whitelistObjectTypes = ['article', 'note']
  override allowedUrlParams = { seek: ['name', 'limit'], articles: ['filter[*]'], notes: ['filter[*]'] }

  getGreet(): void {
    this.setData({ hello: 'world' })
  }

  getWelcome(): void {
    this.setData({ hello: 'world' })
  }

  getSeek(): void {
    this.setData({ name: this.call.query['name'], limit: Number(this.call.query['limit'] ?? 20) })
  }
}
