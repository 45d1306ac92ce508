import { allow, ApiController } from 'postern'

export default class MuseumApi extends ApiController {
  override endPoints = ['friends', 'highlights']
  override whitelistObjectTypes = ['artwork', 'artist', 'subject']
  override allowedUrlParams = {
    _page: ['page', 'page_size'],
    highlights: ['_page', 'classification'],
    artworks: ['filter[*]'],
    artists: ['filter[*]'],
    subjects: ['filter[*]'],
  }
  override authorize = { friends: allow.everyone, highlights: allow.everyone }

  /** Every verb; what is set is what `data` of the envelope holds. */
  friends(): void {
    this.setData(['Tom', 'Jerry'])
  }

  /** GET only: the works that came to the museum last. */
  async getHighlights(): Promise<void> {
    const { classification = 'painting', page = '1', page_size: size = '10' } = this.call.query
    const found = await this.call.content.list('artwork', {
      filter: { classification },
      sort: '-acquisition_year,id',
      page: Number(page),
      page_size: Number(size),
      fields: 'title,date_text,acquisition_year,credit_line',
    })
    this.setData(found.data)
    this.setPaging(found.paging)
  }
}
