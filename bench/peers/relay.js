// A yardstick: the first text of a socket names its room, every further one is acknowledged and passed on to the others.
import process from "node:process"
import { WebSocketServer } from "ws"

const rooms = new Map()

new WebSocketServer({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 4096 }).on("connection", (socket) => {
  let room
  socket.on("message", (data) => {
    const text = data.toString()
    if (room) {
      socket.send(`ok ${text.slice(0, text.indexOf(" "))}`)
      for (const other of room) if (other !== socket) other.send(text)
      return
    }
    if (!rooms.has(text)) rooms.set(text, new Set())
    room = rooms.get(text).add(socket)
    socket.send("welcome")
  })
  socket.on("close", () => room?.delete(socket))
})
