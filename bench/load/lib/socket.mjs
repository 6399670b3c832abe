// A subscriber over a bare socket: frames are cut out of the stream and handed on, so that five hundred of them cost the machine little.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const END_OF_HEAD = Buffer.from('\r\n\r\n')

export class EventSocket {
  /** @param {(payload: Buffer) => void} onMessage Sees every whole message. */
  constructor(onMessage) {
    this.onMessage = onMessage
    this.isOpen = false
    this.waiting = []
    this.waitingBytes = 0
    this.needed = 0
  }

  open(url, cursor) {
    const { port } = new URL(url)
    return new Promise((done, failed) => {
      let head = Buffer.alloc(0)
      this.socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true })
      this.socket.on('connect', () =>
        this.socket.write(
          `GET /xrpc/com.atproto.sync.subscribeRepos${cursor === undefined ? '' : `?cursor=${cursor}`} HTTP/1.1\r\nHost: localhost:${port}\r\n` +
            `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
        ),
      )
      this.socket.on('error', failed)
      this.socket.on('close', () => {
        this.isOpen = false
        failed(new Error(`no subscription: ${head.toString('latin1', 0, 200)}`))
      })
      this.socket.on('data', (chunk) => {
        if (this.isOpen) return this.take(chunk)
        head = Buffer.concat([head, chunk])
        const end = head.indexOf(END_OF_HEAD)
        if (end < 0) return
        if (head.toString('latin1', 9, 12) !== '101') return this.socket.destroy()
        this.isOpen = true
        done()
        if (head.length > end + 4) this.take(head.subarray(end + 4))
      })
    })
  }

  close() {
    this.socket?.destroy()
  }

  take(chunk) {
    let bytes = chunk
    if (this.waiting.length > 0) {
      this.waiting.push(chunk)
      this.waitingBytes += chunk.length
      if (this.waitingBytes < this.needed) return
      bytes = Buffer.concat(this.waiting, this.waitingBytes)
      this.waiting = []
    }
    let at = 0
    while (at < bytes.length) {
      const left = bytes.length - at
      const short = left >= 2 ? bytes[at + 1] & 127 : 0
      const header = short === 126 ? 4 : short === 127 ? 10 : 2
      const length = left < header ? 0 : short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
      if (left < header || left < header + length) {
        this.waiting = [bytes.subarray(at)]
        this.waitingBytes = left
        this.needed = header + length
        return
      }
      this.frame(bytes[at], bytes.subarray(at + header, at + header + length))
      at += header + length
    }
  }

  frame(first, payload) {
    const kind = first & 15
    if (kind === 9) this.pong(payload)
    else if (kind === 8) this.socket.end()
    else if ((first & 128) !== 0 && !this.parts) this.onMessage(payload)
    else {
      this.parts = [...(this.parts ?? []), Buffer.from(payload)]
      if ((first & 128) === 0) return
      const whole = Buffer.concat(this.parts)
      this.parts = null
      this.onMessage(whole)
    }
  }

  pong(payload) {
    // The mask of zeros is as good as any: it protects proxies, of which there is none here.
    this.socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
  }
}
