/** Stand-ins for what a browser gives: sockets, storage, answers; and makers of wire shapes. */

export const ANA = {id: "ana", name: "Ana", role: "agent"}
export const BEN = {id: "ben", name: "Ben", role: "guest"}
export const CLEO = {id: "cleo", name: "Cleo", role: "agent"}

export class FakeSocket {
  static all = []
  sent = []
  isClosed = false

  constructor(url, protocols) {
    Object.assign(this, {url, protocols})
    FakeSocket.all.push(this)
  }

  send(text) {
    this.sent.push(JSON.parse(text))
  }

  close() {
    this.isClosed = true
  }

  opens() {
    this.onopen?.({})
  }

  says(frame) {
    this.onmessage?.({data: typeof frame === "string" ? frame : JSON.stringify(frame)})
  }

  closes(code) {
    this.onclose?.({code})
  }

  sentOf(type) {
    return this.sent.filter(frame => frame.type === type)
  }
}

/** Lets promises that are ready go on; timers stay where they are. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

export function welcome(change = {}) {
  return {
    type: "welcome", re: 1, member: ANA, epoch: "e1", now: at(0), heartbeat_ms: 25_000,
    limits: {body: 5_000, frame: 65_536}, sync: {conversations: [], gone: [], more: false}, ...change,
  }
}

export function at(minute) {
  return new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString()
}

export function message(seq, change = {}) {
  return {
    id: `m${seq}`, conversation: "c1", seq, version: seq, client_id: `k${seq}`, kind: "text", sender: BEN, body: `text ${seq}`,
    reply_to: null, link_url: "", mentions: [], reactions: [], pinned: false, created_at: at(seq), edited_at: null, deleted_at: null, ...change,
  }
}

export function attachment(change = {}) {
  return {
    id: "f1", state: "approved", name: "offer.pdf", kind: "pdf", mime: "application/pdf", size: 240_000, width: null, height: null,
    pages: null, seconds: null, thumbnails: [], uploader: "ana", created_at: at(0), ...change,
  }
}

export function participant(member, change = {}) {
  return {member, role: "member", joined_at: at(0), delivered_seq: 0, read_seq: 0, ...change}
}

export function info(change = {}) {
  return {
    id: "c1", kind: "direct", space: null, title: "", is_default: false, status: "open", created_at: at(0),
    seq: 0, version: 1, receipt_version: 0, participants: [participant(ANA), participant(BEN)], last_message: null, unread_count: 0,
    ...change,
  }
}

export function syncAnswer(conversation, messages = [], change = {}) {
  const watermarks = conversation.participants.map(one => [one.member.id, one.delivered_seq, one.read_seq])
  return {type: "sync", conversations: [{conversation, messages, watermarks, limited: false, ...change}], gone: [], more: false}
}

export function created(version, seq, change = {}) {
  return {type: "message", conversation: "c1", version, event: "created", message: message(seq, {version, ...change})}
}

export function changed(event, version, seq, change = {}) {
  return {type: "message", conversation: "c1", version, event, message: message(seq, {version, ...change})}
}

export function told(event, version, data = {}) {
  return {type: "conversation", conversation: "c1", version, event, data}
}

/** Collects the details of every event of a name. */
export function heard(target, name) {
  const details = []
  target.addEventListener(name, event => details.push(event.detail))
  return details
}

/** Random numbers that are the same in every run. */
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
