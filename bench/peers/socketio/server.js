// A chat as a team would write it with Socket.IO and PostgreSQL: a token at connection, rooms, a check of membership,
// one INSERT per message, an acknowledgement with the row, and the row to the room.
// With --group-commit, sends that arrive while a transaction commits are written together by the next one.
// Settings: DATABASE_URL, PORT. `node server.js --people` makes the tables and the people, and prints them as JSON.
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import process from "node:process"
import pg from "pg"
import { Server } from "socket.io"

const PAGE = 50
const BATCH = 500
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 })

// --- messages ----------------------------------------------------------------------------------------------------

const INSERT = {
  name: "insert",
  text: "INSERT INTO messages (room, sender, body) VALUES ($1, $2, $3) RETURNING id, room, sender, body, created_at",
}
const INSERT_MANY = {
  name: "insert-many",
  text: `INSERT INTO messages (room, sender, body) SELECT * FROM unnest($1::int[], $2::int[], $3::text[])
         RETURNING id, room, sender, body, created_at`,
}

async function insert(message) {
  const { rows } = await pool.query({ ...INSERT, values: [message.room, message.sender, message.body] })
  return rows[0]
}

class GroupCommit {
  #waiting = []
  #isWriting = false

  insert(message) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject })
      if (!this.#isWriting) void this.#write()
    })
  }

  async #write() {
    this.#isWriting = true
    while (this.#waiting.length) {
      const batch = this.#waiting.splice(0, BATCH)
      const column = (name) => batch.map(({ message }) => message[name])
      try {
        const values = [column("room"), column("sender"), column("body")]
        const { rows } = await pool.query({ ...INSERT_MANY, values })
        batch.forEach(({ resolve }, i) => resolve(rows[i]))
      } catch (error) {
        batch.forEach(({ reject }) => reject(error))
      }
    }
    this.#isWriting = false
  }
}

// --- sockets -------------------------------------------------------------------------------------------------------

async function authenticate(socket, next) {
  const found = await pool.query({
    name: "member",
    text: `SELECT m.id, m.name, array_remove(array_agg(r.room), NULL) AS rooms
           FROM members m LEFT JOIN members_of_rooms r ON r.member = m.id WHERE m.token = $1 GROUP BY m.id`,
    values: [socket.handshake.auth.token],
  })
  if (!found.rows.length) return next(new Error("not authenticated"))
  socket.data.member = found.rows[0]
  next()
}

async function isMember(room, member) {
  const values = [room, member.id]
  const text = "SELECT 1 FROM members_of_rooms WHERE room = $1 AND member = $2"
  return (await pool.query({ name: "is-member", text, values })).rowCount > 0
}

async function newest(member, after) {
  const text = `SELECT id, room, sender, body, created_at FROM messages
                WHERE room = ANY($1) AND id > $2 ORDER BY id DESC LIMIT $3`
  return (await pool.query({ name: "newest", text, values: [member.rooms, after, PAGE] })).rows.reverse()
}

function serve(write) {
  const http = createServer((_, response) => response.end())
  const io = new Server(http, { transports: ["websocket"] })
  io.use((socket, next) => authenticate(socket, next).catch(next))
  io.on("connection", (socket) => {
    const { member } = socket.data
    for (const room of member.rooms) void socket.join(`room ${room}`)
    socket.on("sync", async ({ after }, answer) => answer({ messages: await newest(member, after) }))
    socket.on("send", async ({ room, body }, answer) => {
      try {
        if (!(await isMember(room, member))) return answer({ error: "forbidden" })
        const row = await write({ room, sender: member.id, body })
        answer({ message: row })
        socket.to(`room ${room}`).emit("message", { ...row, name: member.name })
      } catch (error) {
        answer({ error: String(error) })
      }
    })
  })
  http.listen({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 4096 })
}

// --- people --------------------------------------------------------------------------------------------------------

const TABLES = `
  CREATE TABLE members (id serial PRIMARY KEY, name text NOT NULL, token text NOT NULL UNIQUE);
  CREATE TABLE rooms (id serial PRIMARY KEY);
  CREATE TABLE members_of_rooms (room int REFERENCES rooms, member int REFERENCES members, PRIMARY KEY (room, member));
  CREATE INDEX ON members_of_rooms (member);
  CREATE TABLE messages (id bigserial PRIMARY KEY, room int NOT NULL REFERENCES rooms, sender int NOT NULL REFERENCES
    members, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON messages (room, id);`

async function makeRoom(size) {
  const room = (await pool.query("INSERT INTO rooms DEFAULT VALUES RETURNING id")).rows[0].id
  const tokens = Array.from({ length: size }, () => randomUUID())
  const members = `INSERT INTO members (name, token) SELECT 'Member', unnest($1::text[]) RETURNING id`
  const ids = (await pool.query(members, [tokens])).rows.map(({ id }) => id)
  await pool.query("INSERT INTO members_of_rooms SELECT $1, unnest($2::int[])", [room, ids])
  return { id: String(room), tokens }
}

async function makePeople(sizes) {
  await pool.query(TABLES)
  const rooms = []
  for (const size of sizes) rooms.push(await makeRoom(size))
  await pool.end()
  process.stdout.write(JSON.stringify(rooms))
}

const people = process.argv.indexOf("--people")
if (people > 0) void makePeople(process.argv.slice(people + 1).map(Number))
else serve(process.argv.includes("--group-commit") ? ((g) => (m) => g.insert(m))(new GroupCommit()) : insert)
