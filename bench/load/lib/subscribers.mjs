// Event streams, in a process of their own. Parent: `new Subscribers()`. The same file is what the child runs.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { decode } from 'cborg'
import { ageOf, percentiles } from './numbers.mjs'
import { EventSocket } from './socket.mjs'

const file = fileURLToPath(import.meta.url)

export class Subscribers {
  constructor() {
    this.child = fork(file, ['child'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  ask(message) {
    return new Promise((done, failed) => {
      const ended = () => failed(new Error('the subscribers ended'))
      this.child.once('exit', ended)
      this.child.once('message', (answer) => {
        this.child.off('exit', ended)
        if (answer.error) failed(new Error(answer.error))
        else done(answer)
      })
      this.child.send(message)
    })
  }

  /** Opens n streams whose frames are counted; with check one that is decoded and judged. */
  open(url, n, { cursor, check = false } = {}) {
    return this.ask({ do: 'open', url, n, cursor, check })
  }

  /** Starts counting anew. */
  reset() {
    return this.ask({ do: 'reset' })
  }

  /** {frames, bytes, open, lastSeq, latency}. */
  stats() {
    return this.ask({ do: 'stats' })
  }

  /** Which of these commits (`did rev`) were not seen, and everything that was wrong with the stream. Waits for what is still on its way. */
  async judge(acknowledged) {
    for (let before = -1, now = await this.stats(); now.frames !== before; now = await this.stats()) {
      before = now.frames
      await new Promise((done) => setTimeout(done, 1000))
    }
    for (let i = 0; i < acknowledged.length; i += 20_000) await this.ask({ do: 'expect', commits: acknowledged.slice(i, i + 20_000) })
    return this.ask({ do: 'judge' })
  }

  /** Waits until the first stream has had so many frames. */
  async waitFor(frames, limitMs = 60_000) {
    const end = performance.now() + limitMs
    let seen = await this.stats()
    while (seen.frames < frames && seen.open > 0 && performance.now() < end) {
      await new Promise((done) => setTimeout(done, 20))
      seen = await this.stats()
    }
    return seen
  }

  close() {
    this.child.disconnect()
  }
}

// What follows runs in the child.

const PATH = Buffer.from('app.bsky.feed.post/')
const tags = []
tags[42] = (bytes) => bytes
const OPTIONS = { tags, allowBigInt: false }

/** Where the header of a frame ends: two CBOR items follow one another. */
const bodyOf = (payload) => {
  // {"t":"#commit","op":1} or {"op":-1}: keys and values are all short.
  let at = 1
  for (let i = 0; i < 2 * (payload[0] & 15); i++) at += payload[at] < 0x40 ? 1 : (payload[at] & 31) + 1
  return at
}

/** Follows one stream as a careful consumer would. */
class Judge {
  constructor() {
    this.seen = new Set()
    this.missing = []
    this.faults = []
    this.heads = new Map()
    this.seq = null
    this.cutOff = 0
    this.frames = 0
  }

  /** Follows the stream, and comes back with the last number where it was cut off for being slow, as consumers do. */
  async follow(url, cursor) {
    const socket = new EventSocket((payload) => this.take(payload))
    await socket.open(url, cursor)
    socket.socket.once('close', () => {
      this.cutOff++
      this.follow(url, this.seq ?? undefined).catch((error) => this.fault(`not let in again: ${error.message}`))
    })
  }

  fault(text) {
    if (this.faults.length < 20) this.faults.push(text)
  }

  take(payload) {
    const start = bodyOf(payload)
    const kind = payload.toString('latin1', 0, start)
    const body = decode(payload.subarray(start), OPTIONS)
    if (body.error === 'ConsumerTooSlow') return
    if (typeof body.seq !== 'number') return this.fault(`a frame without a number: ${kind} ${JSON.stringify(body).slice(0, 100)}`)
    this.frames++
    if (this.seq !== null && body.seq <= this.seq) this.fault(`seq ${body.seq} after ${this.seq}`)
    this.seq = body.seq
    if (!kind.includes('#commit')) return
    const head = this.heads.get(body.repo)
    if (head && body.since !== head) this.fault(`${body.repo}: a commit since ${body.since}, but the last was ${head}`)
    this.heads.set(body.repo, body.rev)
    this.seen.add(`${body.repo} ${body.rev}`)
  }
}

const runChild = () => {
  let sockets = []
  let count = { frames: 0, bytes: 0, latencies: [] }
  let judge = null

  const onMessage = (payload) => {
    count.frames++
    count.bytes += payload.length
    const at = payload.indexOf(PATH)
    if (at >= 0 && count.latencies.length < 1_000_000) count.latencies.push(ageOf(payload.latin1Slice(at + PATH.length, at + PATH.length + 13)))
  }
  const acts = {
    async open({ url, n, cursor, check }) {
      if (check) {
        judge = new Judge()
        await judge.follow(url, cursor)
        return {}
      }
      for (let i = 0; i < n; i += 20) {
        const some = Array.from({ length: Math.min(20, n - i) }, () => new EventSocket(onMessage))
        await Promise.all(some.map((socket) => socket.open(url, cursor)))
        sockets.push(...some)
      }
      return {}
    },
    reset: () => ((count = { frames: 0, bytes: 0, latencies: [] }), {}),
    stats: () => ({
      frames: judge?.frames ?? count.frames,
      bytes: count.bytes,
      open: judge ? 1 : sockets.filter((socket) => socket.isOpen).length,
      seq: judge?.seq ?? null,
      commits: judge?.seen.size ?? null,
      latency: percentiles(count.latencies),
    }),
    expect: ({ commits }) => (judge.missing.push(...commits.filter((commit) => !judge.seen.has(commit))), {}),
    judge: () => ({ seen: judge.seen.size, missing: judge.missing.length, examples: judge.missing.slice(0, 5), faults: judge.faults, cutOff: judge.cutOff }),
  }
  process.on('message', async (message) => {
    try {
      process.send(await acts[message.do](message))
    } catch (error) {
      process.send({ error: error.message })
    }
  })
  process.on('disconnect', () => process.exit(0))
}

if (process.argv[2] === 'child') runChild()
