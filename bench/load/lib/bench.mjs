// One server under test: its accounts and repositories, and how a measurement of it is taken.
import { randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import { nextTid, short } from './numbers.mjs'
import { Probe, machineUs } from './probe.mjs'
import { Connection, drive, get, post } from './wire.mjs'

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const PAD = 'the quick brown fox jumps over the lazy dog while somebody counts the microseconds of it'

export class Bench {
  constructor(name, server, { seconds = 5 } = {}) {
    this.name = name
    this.server = server
    this.url = server.url
    this.seconds = seconds
    this.probe = new Probe(server.pid)
    this.run = randomBytes(3).toString('hex')
    this.accounts = []
    this.rows = []
    this.texts = 0
  }

  /** One request, outside of any measurement; its JSON. */
  async call(bytes) {
    const connection = new Connection(this.url, { keepBody: true })
    const answer = await connection.send(bytes)
    connection.close()
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${answer.body?.toString('utf8', 0, 300)}`)
    const text = answer.body
    return text[0] === 123 ? JSON.parse(text) : text
  }

  async createAccount(tag = `a${this.accounts.length}`) {
    const name = `x${this.run}${tag}`
    const input = { handle: `${name}.test`, email: `${name}@example.com`, password: `password-${name}` }
    const { did, accessJwt } = await this.call(post('com.atproto.server.createAccount', input))
    return { did, token: accessJwt, handle: input.handle, password: input.password }
  }

  /** The first n accounts, made where they are not there yet. */
  async need(n) {
    while (this.accounts.length < n) this.accounts.push(await this.createAccount())
    return this.accounts.slice(0, n)
  }

  /** A record of about 110 characters; no two are equal, or they would share a block. */
  record() {
    return { $type: 'app.bsky.feed.post', text: `${this.run} ${this.texts++} ${PAD}`, langs: ['en'], createdAt: new Date().toISOString() }
  }

  create(account, rkey) {
    return post('com.atproto.repo.createRecord', { repo: account.did, collection: 'app.bsky.feed.post', rkey, record: this.record() }, account.token)
  }

  put(account, rkey) {
    return post('com.atproto.repo.putRecord', { repo: account.did, collection: 'app.bsky.feed.post', rkey, record: this.record() }, account.token)
  }

  delete(account, rkey) {
    return post('com.atproto.repo.deleteRecord', { repo: account.did, collection: 'app.bsky.feed.post', rkey }, account.token)
  }

  batch(account, created, deleted = []) {
    const write = (action, rkey, rest) => ({ $type: `com.atproto.repo.applyWrites#${action}`, collection: 'app.bsky.feed.post', rkey, ...rest })
    const writes = [...created.map((rkey) => write('create', rkey, { value: this.record() })), ...deleted.map((rkey) => write('delete', rkey))]
    return post('com.atproto.repo.applyWrites', { repo: account.did, writes }, account.token)
  }

  /** Fills a repository up to a size; gives the account, which remembers its keys. */
  async grow(account, size) {
    account.keys ??= []
    while (account.keys.length < size) {
      const keys = Array.from({ length: Math.min(200, size - account.keys.length) }, nextTid)
      await this.call(this.batch(account, keys))
      account.keys.push(...keys)
    }
    return account
  }

  /**
   * Takes a measurement. work gives {ops, seconds} and what it knows of p50, p99, errors, bytes, extra. The window stays open until the server has gone
   * quiet, so that what it leaves for later counts too.
   */
  async measure(name, unit, work) {
    await this.probe.settle()
    this.probe.resetPeak()
    const before = { cpu: this.probe.cpuUs(), machine: machineUs(), own: process.cpuUsage(), written: this.probe.writtenBytes(), at: performance.now() }
    const done = await work()
    await this.probe.settle()
    const cpu = this.probe.cpuUs() - before.cpu
    const memory = this.probe.memory()
    const own = process.cpuUsage(before.own)
    const capacity = (performance.now() - before.at) * 1000 * cpus().length
    const row = {
      name,
      unit,
      ops: done.ops,
      perSecond: done.ops / done.seconds,
      cpuUs: done.ops ? cpu / done.ops : null,
      p50: done.p50 ?? null,
      p99: done.p99 ?? null,
      rss: memory.rss,
      peak: memory.peak,
      written: done.ops ? (this.probe.writtenBytes() - before.written) / done.ops : null,
      errors: done.errors ?? 0,
      statuses: done.statuses,
      // Whatever neither the server nor this process used, as a share of the machine: how far to trust the row.
      others: Math.max(0, (machineUs() - before.machine - cpu - own.user - own.system) / capacity),
      ...done.extra,
    }
    this.rows.push(row)
    console.error(
      `${this.name}  ${name}: ${short(row.cpuUs)} µs/${unit}, ${short(row.perSecond)}/s, p50 ${short(row.p50)} p99 ${short(row.p99)} ms, ` +
        `RSS ${short(row.rss)} MB, ${short(row.written)} B written${row.errors ? `, ${row.errors} ERRORS ${JSON.stringify(row.statuses)}` : ''} [others ${Math.round(row.others * 100)} %]`,
    )
    return row
  }

  /** Warms up with the same requests for as long, then measures a closed loop. */
  async throughput(name, unit, { connections, next, perRequest = 1, seconds = this.seconds }) {
    await drive(this.url, { connections, seconds, next })
    return this.measure(name, unit, () => drive(this.url, { connections, seconds, next, perRequest }))
  }

  /** So many commits a second, whatever they take; gives how many were made. */
  async writeSteadily(accounts, rate, seconds) {
    const connections = accounts.map(() => new Connection(this.url))
    const underWay = accounts.map(() => Promise.resolve())
    const sum = { ops: 0, errors: 0 }
    const started = performance.now()
    for (let i = 0; i < rate * seconds; i++) {
      const wait = started + (i * 1000) / rate - performance.now()
      if (wait > 0) await sleep(wait)
      const k = i % accounts.length
      underWay[k] = underWay[k].then(async () => {
        const { status } = await connections[k].send(this.create(accounts[k], nextTid()))
        if (status === 200) sum.ops++
        else sum.errors++
      })
    }
    await Promise.all(underWay)
    for (const connection of connections) connection.close()
    return { ...sum, seconds: (performance.now() - started) / 1000 }
  }
}

/** A page of requests that are the same for every run of them. */
export const cycle = (requests) => (i) => requests[i % requests.length]

/** The same, in an order that no cache likes, and the same one every time. */
export const shuffle = (requests) => {
  let state = 42
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return requests[state % requests.length]
  }
}

export { get, post, sleep }
