/** What is done to a conversation and its people, and how I want to have it. The news of it come as of anybody's. */

export class Managing {
  #api

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api
  }

  /**
   * @param {string} id
   * @param {string} title
   */
  rename(id, title) {
    return this.#api.patch(`chat/conversations/${id}/`, {title})
  }

  /**
   * @param {string} id
   * @param {string[]} members
   */
  async add(id, members) {
    for (const member of members) await this.#api.post(`chat/conversations/${id}/add_participant/`, {member})
  }

  /**
   * @param {string} id
   * @param {string} member
   */
  remove(id, member) {
    return this.#api.post(`chat/conversations/${id}/remove_participant/`, {member})
  }

  /** @param {string} id */
  leave(id) {
    return this.#api.post(`chat/conversations/${id}/leave/`)
  }

  /**
   * @param {string} id
   * @param {boolean} archived
   */
  archive(id, archived) {
    return this.#api.patch(`chat/conversations/${id}/archive/`, {archived})
  }

  /**
   * @param {string} id
   * @param {{muted: boolean, until: string | null}} wanted
   */
  mute(id, wanted) {
    return this.#api.patch(`chat/conversations/${id}/mute/`, wanted)
  }

  /**
   * @param {string} id
   * @param {string} notify
   */
  notices(id, notify) {
    return this.#api.patch(`chat/conversations/${id}/notices/`, {notify})
  }

  /**
   * For everybody in the channel.
   *
   * @param {string} id
   * @param {boolean} archived
   */
  close(id, archived) {
    return this.#api.patch(`chat/channels/${id}/`, {archived})
  }

  /** @param {string} id */
  delete(id) {
    return this.#api.delete(`chat/channels/${id}/`)
  }
}
