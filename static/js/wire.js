/**
 * The shapes on the wire, as the contract has them. Types only.
 *
 * @typedef {{id: string, name: string, role: string}} Member
 * @typedef {{member: Member, role: string, joined_at: string, delivered_seq: number, read_seq: number}} Participant
 * @typedef {{id: string, sender: Member, excerpt: string, files?: (string | null)[]}} Quote
 * @typedef {{type: string, text: string, member?: string, name?: string, ref?: string, label?: string, url?: string}} Mention
 * @typedef {{emoji: string, members: string[]}} Reaction
 * @typedef {{url: string, title: string, description: string, site: string}} Preview  of the page that a link leads to
 * @typedef {{event: string, member?: Member, title?: string, status?: string}} SystemNews
 * @typedef {{size: number, width: number, height: number}} Thumbnail
 * @typedef {{
 *   id: string, state: "scanning" | "pending" | "approved" | "rejected" | "infected", held_for?: string, reason?: string,
 *   name: string, kind: "image" | "pdf" | "document" | "spreadsheet" | "text" | "audio" | "video",
 *   mime: string, size: number, width: number | null, height: number | null, pages: number | null, seconds: number | null,
 *   thumbnails: Thumbnail[], version?: number, waiting?: number | null, uploader: string, created_at: string,
 * }} Attachment  `thumbnails`: those of an image, smallest first. Of one that is not approved only its uploader and its
 *   reviewers are told more than `id`, `state`, `uploader`, `version` and `created_at`: the rest is null, or empty
 * @typedef {Attachment & {
 *   by: Member, conversation: string | null, message: string | null, request?: string | null, category: string, tags: string[], reviewer: string | null,
 *   reviewed_at: string | null, metadata: Record<string, any>,
 * }} FileInfo
 * @typedef {{
 *   id: string, url?: string, mode: "view" | "download", has_password: boolean, expires_at: string, max_uses: number | null,
 *   uses: number, creator: string, created_at: string,
 * }} ShareLink  `url` is told once
 * @typedef {{member: Member | null, link: string | null, mode: "view" | "download", at: string}} FileAccess
 * @typedef {{
 *   id: string, conversation: string, seq: number, version: number, client_id: string | null, kind: string,
 *   sender: Member, body: string, reply_to: Quote | null, link_url: string, mentions: Mention[], reactions: Reaction[],
 *   pinned: boolean, system?: SystemNews, preview?: Preview | null, attachments?: Attachment[],
 *   created_at: string, edited_at: string | null, deleted_at: string | null,
 * }} Message
 * @typedef {{archived?: boolean, muted_until?: string | null, notify?: string}} Own  how I want to have a conversation
 * @typedef {Own & {
 *   id: string, kind: string, space: string | null, title: string, is_default: boolean, status: string,
 *   client?: string | null, assignee?: Member | null, created_at: string, seq: number, version: number, receipt_version: number,
 *   participants: Participant[], last_message: Message | null, unread_count?: number, unread_mentions?: number,
 * }} ConversationInfo
 * @typedef {{id: string, type: string, ref: string, label: string, url: string, space: string | null}} Entity
 * @typedef {[member: string, delivered: number, read: number]} Watermark
 * @typedef {[version: number, receiptVersion: number]} Cursor
 * @typedef {Record<string, Cursor>} Cursors
 * @typedef {{conversation: ConversationInfo, messages: Message[], watermarks: Watermark[], limited: boolean}} SyncEntry
 * @typedef {{
 *   type?: string, epoch?: string, conversations: SyncEntry[], gone: string[], more: boolean, poll_after_ms?: number,
 * }} SyncAnswer
 * @typedef {{type: "message", conversation: string, version: number, event: string, message: Message}} MessageFrame
 * @typedef {{
 *   type: "conversation", conversation: string, version: number, event: string, data: Record<string, any>,
 * }} ConversationFrame
 * @typedef {{type: "receipt", conversation: string, receipt_version: number, watermarks: Watermark[]}} ReceiptFrame
 * @typedef {{
 *   type: "welcome", re: number, member: Member, epoch: string, now: string, heartbeat_ms: number,
 *   limits: {body: number, frame: number}, sync: SyncAnswer,
 * }} WelcomeFrame
 * @typedef {{state: "online" | "away" | "busy" | "offline", last_seen_at: string | null}} PresenceOf
 * @typedef {Record<string, PresenceOf>} Presences
 * @typedef {{type: string, re?: number | null, [field: string]: any}} Frame
 * @typedef {{
 *   client_id: string, conversation: string, body: string, created_at: string, reply_to?: string | null,
 *   mentions?: string[], attachments?: Attachment[], kind?: string, state: "pending" | "failed", error?: string,
 * }} Sending
 */
export {}
