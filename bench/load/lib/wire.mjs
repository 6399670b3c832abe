// HTTP/1.1 over bare sockets: the load generator shares the processors with the server, so an answer must cost it little.
import { connect } from 'node:net'
import { percentiles } from './numbers.mjs'

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const IDLE_MS = 30_000

/** The bytes of a request. */
export const request = (method, path, { token, type, body, headers = '' } = {}) => {
  const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body)
  const head =
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}` +
    (token ? `Authorization: Bearer ${token}\r\n` : '') +
    (payload ? `Content-Type: ${type ?? 'application/json'}\r\nContent-Length: ${payload.length}\r\n` : '') +
    '\r\n'
  return payload ? Buffer.concat([Buffer.from(head, 'latin1'), payload]) : Buffer.from(head, 'latin1')
}

export const get = (nsid, query, token) => request('GET', `/xrpc/${nsid}${query ? `?${query}` : ''}`, { token })
export const post = (nsid, input, token) => request('POST', `/xrpc/${nsid}`, { token, body: JSON.stringify(input) })

/** A kept-alive connection that has one request under way at most. */
export class Connection {
  constructor(url, { keepBody = false } = {}) {
    const { hostname, port } = new URL(url)
    this.target = { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port), noDelay: true }
    this.keepBody = keepBody
    this.socket = null
  }

  /** Sends, and resolves {status, bytes, body, firstByteMs}; status 0 when the connection broke. */
  send(bytes) {
    return new Promise((done) => {
      this.done = done
      this.sentAt = performance.now()
      this.head = null
      this.rest = null
      this.parts = []
      // The server ends what has been idle for long; a client had better do so first than send into a connection that is just being closed.
      if (this.socket && this.sentAt - (this.usedAt ?? this.sentAt) > IDLE_MS) this.socket.destroy()
      if (!this.socket || this.socket.destroyed) this.open()
      this.socket.write(bytes)
    })
  }

  open() {
    const socket = connect(this.target)
    this.socket = socket
    const broken = () => this.socket === socket && this.finish(0)
    socket.on('data', (chunk) => this.take(chunk))
    socket.on('error', broken)
    socket.on('close', broken)
  }

  close() {
    this.done = null
    this.socket?.destroy()
  }

  finish(status) {
    const done = this.done
    if (!done) return
    this.done = null
    this.usedAt = performance.now()
    if (status === 0 || this.head?.closes) this.socket.destroy()
    done({ status, bytes: this.head?.got ?? 0, body: this.keepBody ? Buffer.concat(this.parts) : null, firstByteMs: this.firstByteMs })
  }

  take(chunk) {
    if (!this.done) return
    let at = 0
    if (!this.head) {
      if (this.rest) chunk = Buffer.concat([this.rest, chunk])
      else this.firstByteMs = performance.now() - this.sentAt
      const end = chunk.indexOf(END_OF_HEAD)
      if (end < 0) {
        this.rest = chunk
        return
      }
      const text = chunk.latin1Slice(0, end)
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)
      this.head = {
        status: Number(text.slice(9, 12)),
        left: length ? Number(length[1]) : 0,
        chunked: !length && /\r\ntransfer-encoding: *chunked/i.test(text),
        closes: /\r\nconnection: *close/i.test(text),
        got: 0,
        size: '',
        step: 'size',
      }
      this.rest = null
      at = end + 4
    }
    if (this.head.chunked) this.takeChunked(chunk, at)
    else {
      this.keep(chunk, at, chunk.length)
      this.head.left -= chunk.length - at
      if (this.head.left <= 0) this.finish(this.head.status)
    }
  }

  keep(chunk, from, to) {
    this.head.got += to - from
    if (this.keepBody && to > from) this.parts.push(chunk.subarray(from, to))
  }

  takeChunked(chunk, at) {
    const h = this.head
    while (at < chunk.length) {
      if (h.step === 'data') {
        const n = Math.min(h.left, chunk.length - at)
        this.keep(chunk, at, at + n)
        h.left -= n
        at += n
        if (h.left === 0) h.step = 'after'
      } else {
        const byte = chunk[at++]
        if (byte !== 10) {
          if (byte !== 13) h.size += String.fromCharCode(byte)
        } else if (h.step === 'after') h.step = 'size'
        else if (h.step === 'last') return this.finish(h.status)
        else {
          h.left = parseInt(h.size, 16)
          h.size = ''
          h.step = h.left > 0 ? 'data' : 'last'
        }
      }
    }
  }
}

const outcome = () => ({ ops: 0, errors: 0, statuses: {}, latencies: [], bytes: 0 })

const note = (sum, answer, ms, perRequest) => {
  sum.statuses[answer.status] = (sum.statuses[answer.status] ?? 0) + 1
  if (answer.status >= 200 && answer.status < 300) {
    sum.ops += perRequest
    sum.bytes += answer.bytes
    sum.latencies.push(ms)
  } else sum.errors++
}

const closed = (sum, seconds) => ({ ...sum, latencies: undefined, seconds, ...percentiles(sum.latencies) })

/**
 * Closed loop: so many connections, each sending its next request when it has its answer.
 * next(i) gives the bytes; onAnswer(answer, i) sees what came back.
 */
export const drive = async (url, { connections, seconds, next, perRequest = 1, onAnswer, keepBody }) => {
  const sum = outcome()
  const started = performance.now()
  const until = started + seconds * 1000
  let sent = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = new Connection(url, { keepBody })
      while (performance.now() < until) {
        const i = sent++
        const at = performance.now()
        const answer = await connection.send(next(i))
        note(sum, answer, performance.now() - at, perRequest)
        onAnswer?.(answer, i)
      }
      connection.close()
    }),
  )
  return closed(sum, (performance.now() - started) / 1000)
}

/**
 * Open loop: so many requests a second whatever the server does, on as many connections as that takes up to a limit.
 * next(i) gives {bytes, kind}; a request that finds all connections busy is not sent and counted as unsent. stopped() ends it early.
 */
export const offer = async (url, { rate, seconds, maxConnections, next, onAnswer, keepBody, latenciesFrom = 0 }) => {
  const sum = outcome()
  const idle = []
  const underWay = new Set()
  let connections = 0
  let unsent = 0
  const started = performance.now()
  const until = started + seconds * 1000
  let i = 0
  while (performance.now() < until) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate)
    for (; i < due; i++) {
      const connection = idle.pop() ?? (connections < maxConnections ? (connections++, new Connection(url, { keepBody })) : null)
      if (!connection) {
        unsent++
        continue
      }
      const work = next(i)
      const at = performance.now()
      const answered = connection.send(work.bytes).then((answer) => {
        const ms = performance.now() - at
        note(sum, answer, ms, 1)
        if (at - started < latenciesFrom * 1000) sum.latencies.pop()
        onAnswer?.(answer, work, ms)
        idle.push(connection)
        underWay.delete(answered)
      })
      underWay.add(answered)
    }
    await new Promise((done) => setTimeout(done, 1))
  }
  await Promise.all(underWay)
  for (const connection of idle) connection.close()
  return { ...closed(sum, (performance.now() - started) / 1000), unsent, connections }
}
