// Repositories as a whole, the firehose, blobs, and what goes to other services.
import { randomBytes } from 'node:crypto'
import { rehome } from '../lib/archive.mjs'
import { cycle, get, shuffle, sleep } from '../lib/bench.mjs'
import { nextTid } from '../lib/numbers.mjs'
import { Subscribers } from '../lib/subscribers.mjs'
import { Connection, drive, request } from '../lib/wire.mjs'

const BLOB_BYTES = 1_000_000
const COMMITS_PER_SECOND = 20
const STREAM_SECONDS = 8
const BACKFILLS = 3
const IMPORTS = { warmUp: 4, measured: 3 }

const upload = (account) => request('POST', '/xrpc/com.atproto.repo.uploadBlob', { token: account.token, type: 'application/octet-stream', body: randomBytes(BLOB_BYTES) })

/** The archive of a repository of ten thousand records, and how many they are. */
const archive = async (bench) => {
  const account = await bench.grow((bench.exported ??= await bench.createAccount('exported')), 10_000)
  return { account, bytes: await bench.call(get('com.atproto.sync.getRepo', `did=${account.did}`)) }
}

const firehose = (n) => async (bench) => {
  const accounts = (await bench.need(8)).slice(0, 8)
  const subscribers = new Subscribers()
  try {
    if (n > 0) await subscribers.open(bench.url, n)
    await bench.writeSteadily(accounts, COMMITS_PER_SECOND, STREAM_SECONDS)
    await sleep(1000)
    await subscribers.reset()
    const row = await bench.measure(`firehose, ${n} subscribers`, n ? 'frame' : 'commit', async () => {
      const written = await bench.writeSteadily(accounts, COMMITS_PER_SECOND, STREAM_SECONDS)
      const seen = n ? await subscribers.waitFor(written.ops * n) : null
      return {
        ops: n ? seen.frames : written.ops,
        seconds: written.seconds,
        errors: written.errors + (n ? written.ops * n - seen.frames : 0),
        p50: seen?.latency.p50,
        p99: seen?.latency.p99,
        extra: { commits: written.ops },
      }
    })
    if (n === 0) bench.writerUs = row.cpuUs
    else if (bench.writerUs !== undefined) row.marginalUs = row.cpuUs - (bench.writerUs * row.commits) / row.ops
  } finally {
    subscribers.close()
  }
}

export const syncScenarios = {
  async syncGetRecord(bench) {
    const { account } = await archive(bench)
    const next = shuffle(account.keys.map((key) => get('com.atproto.sync.getRecord', `did=${account.did}&collection=app.bsky.feed.post&rkey=${key}`)))
    await bench.throughput('sync.getRecord', 'request', { connections: 16, next })
  },

  async getLatestCommit(bench) {
    const { account } = await archive(bench)
    await bench.throughput('getLatestCommit', 'request', { connections: 16, next: cycle([get('com.atproto.sync.getLatestCommit', `did=${account.did}`)]) })
  },

  async getRepo(bench) {
    const { account, bytes } = await archive(bench)
    const once = get('com.atproto.sync.getRepo', `did=${account.did}`)
    await drive(bench.url, { connections: 1, seconds: bench.seconds, next: () => once })
    await bench.measure('getRepo of 10 k', 'record', async () => {
      const done = await drive(bench.url, { connections: 1, seconds: bench.seconds, next: () => once, perRequest: account.keys.length })
      return { ...done, extra: { megabytesPerSecond: done.bytes / 1e6 / done.seconds, archiveBytes: bytes.length } }
    })
  },

  async importRepo(bench) {
    const { account, bytes } = await archive(bench)
    const targets = []
    for (let i = 0; i < IMPORTS.warmUp + IMPORTS.measured; i++) targets.push(await bench.createAccount(`import${i}`))
    const connection = new Connection(bench.url, { keepBody: true })
    const load = async (target) => {
      const at = performance.now()
      const { status, body } = await connection.send(request('POST', '/xrpc/com.atproto.repo.importRepo', { token: target.token, type: 'application/vnd.ipld.car', body: rehome(bytes, account.did, target.did) }))
      if (status !== 200) throw new Error(`importRepo: HTTP ${status} ${body.toString('utf8', 0, 200)}`)
      return performance.now() - at
    }
    for (const target of targets.splice(0, IMPORTS.warmUp)) await load(target)
    await bench.measure('importRepo of 10 k', 'record', async () => {
      let ms = 0
      for (const target of targets) ms += await load(target)
      return { ops: account.keys.length * targets.length, seconds: ms / 1000, p50: ms / targets.length }
    })
    connection.close()
  },

  async uploadBlob(bench) {
    const [, , , account] = await bench.need(4)
    await bench.throughput('uploadBlob of 1 MB', 'blob', { connections: 4, next: () => upload(account) })
  },

  async getBlob(bench) {
    const [, , , account] = await bench.need(4)
    const { blob } = await bench.call(upload(account))
    const record = { ...bench.record(), embed: { $type: 'app.bsky.embed.file', file: blob } }
    const input = { repo: account.did, collection: 'com.example.file', rkey: nextTid(), record: { ...record, $type: 'com.example.file' } }
    await bench.call(request('POST', '/xrpc/com.atproto.repo.createRecord', { token: account.token, body: JSON.stringify(input) }))
    await bench.throughput('getBlob of 1 MB', 'blob', { connections: 4, next: cycle([get('com.atproto.sync.getBlob', `did=${account.did}&cid=${blob.ref.$link}`)]) })
  },

  async timeline(bench) {
    const [account] = await bench.need(1)
    await bench.throughput('getTimeline, proxied', 'request', { connections: 16, next: cycle([get('app.bsky.feed.getTimeline', 'limit=50', account.token)]) })
  },

  firehose0: firehose(0),
  firehose1: firehose(1),
  firehose50: firehose(50),
  firehose500: firehose(500),

  async backfill(bench) {
    const accounts = await bench.need(64)
    const marker = new Subscribers()
    await marker.open(bench.url, 1, { check: true })
    await bench.writeSteadily(accounts.slice(0, 1), COMMITS_PER_SECOND, 0.5)
    await marker.waitFor(1)
    const { seq } = await marker.stats()
    marker.close()
    let made = 0
    while (made < 10_000) {
      const done = await drive(bench.url, { connections: 32, seconds: 2, next: (i) => bench.create(accounts[i % 64], nextTid()) })
      made += done.ops
    }
    const catchUp = async () => {
      const subscriber = new Subscribers()
      const at = performance.now()
      await subscriber.open(bench.url, 1, { cursor: seq })
      const { frames } = await subscriber.waitFor(made)
      subscriber.close()
      return { frames, ms: performance.now() - at }
    }
    for (let i = 0; i < BACKFILLS; i++) await catchUp()
    await bench.measure('backfill', 'event', async () => {
      let frames = 0
      let ms = 0
      for (let i = 0; i < BACKFILLS; i++) {
        const done = await catchUp()
        frames += done.frames
        ms += done.ms
      }
      return { ops: frames, seconds: ms / 1000, errors: Math.max(0, made * BACKFILLS - frames) }
    })
  },
}
