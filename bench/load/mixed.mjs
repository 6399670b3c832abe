// --mixed MINUTES: what a server lives through on an ordinary day, for a while, at a steady rate. Memory each ten seconds, every failed request, and a
// consumer that follows the firehose and must have seen each acknowledged commit, in order.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { get, post } from './lib/bench.mjs'
import { nextTid, short } from './lib/numbers.mjs'
import { machine, revision } from './lib/report.mjs'
import { Subscribers } from './lib/subscribers.mjs'
import { offer, request } from './lib/wire.mjs'

const ACCOUNTS = 100
const SUBSCRIBERS = 20
const RECORDS = 300 // of an account at first; as many are deleted as are made, so what grows is not the data
const DOOMED = 3 // records that an account's readers no longer ask for, before they are deleted
const SAMPLE_MS = 10_000
const WARM_UP = 0.2 // share of the time after which memory should not grow any more
const REV = /"rev":"([2-7a-z]{13})"/

const any = (list) => list[Math.floor(Math.random() * list.length)]
const record = (account, key) => `repo=${account.did}&collection=app.bsky.feed.post&rkey=${key}`

/** Kinds of requests, how many of a thousand they are, and what one of them is. */
const kinds = (bench) => {
  const written = (account, bytes, ...keys) => ({ account, bytes, keys, isWrite: true })
  const doomed = (account, count) => {
    const waiting = (account.doomed ??= [])
    waiting.push(...account.keys.splice(Math.floor(Math.random() * (account.keys.length - count)), count))
    return waiting.splice(0, waiting.length - DOOMED)
  }
  const deleteOne = (account) => {
    const [key] = doomed(account, 1)
    return key ? written(account, bench.delete(account, key)) : null
  }
  const replaceTen = (account) => {
    const keys = Array.from({ length: 10 }, nextTid)
    return written(account, bench.batch(account, keys, doomed(account, 10)), ...keys)
  }
  return [
    ['getRecord', 300, (a) => ({ bytes: get('com.atproto.repo.getRecord', record(a, any(a.keys))) })],
    ['listRecords', 120, (a) => ({ bytes: get('com.atproto.repo.listRecords', `repo=${a.did}&collection=app.bsky.feed.post&limit=50`) })],
    ['sync.getRecord', 60, (a) => ({ bytes: get('com.atproto.sync.getRecord', `did=${a.did}&collection=app.bsky.feed.post&rkey=${any(a.keys)}`) })],
    ['getLatestCommit', 60, (a) => ({ bytes: get('com.atproto.sync.getLatestCommit', `did=${a.did}`) })],
    ['getSession', 60, (a) => ({ bytes: get('com.atproto.server.getSession', '', a.token) })],
    ['getTimeline', 100, (a) => ({ bytes: get('app.bsky.feed.getTimeline', 'limit=50', a.token) })],
    ['createRecord', 110, (a, key = nextTid()) => written(a, bench.create(a, key), key)],
    ['putRecord', 40, (a) => written(a, bench.put(a, any(a.keys)))],
    ['deleteRecord', 110, deleteOne],
    ['applyWrites', 10, replaceTen],
    ['getRepo', 10, (a) => ({ bytes: get('com.atproto.sync.getRepo', `did=${a.did}`) })],
    ['uploadBlob', 10, (a) => ({ bytes: request('POST', '/xrpc/com.atproto.repo.uploadBlob', { token: a.token, type: 'application/octet-stream', body: randomBytes(50_000) }) })],
    ['createSession', 8, (a) => ({ bytes: post('com.atproto.server.createSession', { identifier: a.handle, password: a.password }) })],
    ['createAccount', 2, () => {
      const name = `m${bench.run}${bench.texts++}`
      return { bytes: post('com.atproto.server.createAccount', { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' }) }
    }],
  ]
}

/** One list of a thousand, shuffled: the same mixture in every second. */
const deck = (all) => {
  const cards = all.flatMap(([name, share, make]) => Array.from({ length: share }, () => ({ name, make })))
  for (let i = cards.length - 1; i > 0; i--) {
    const k = Math.floor(Math.random() * (i + 1))
    ;[cards[i], cards[k]] = [cards[k], cards[i]]
  }
  return cards
}

export const mixed = async (bench, { minutes, rate, out }) => {
  const accounts = await bench.need(ACCOUNTS)
  for (const account of accounts) await bench.grow(account, RECORDS)
  const judge = new Subscribers()
  await judge.open(bench.url, 1, { check: true })
  const crowd = new Subscribers()
  await crowd.open(bench.url, SUBSCRIBERS)

  const cards = deck(kinds(bench))
  const acknowledged = []
  const failures = []
  const byKind = {}
  const samples = []
  const started = performance.now()
  let answered = 0
  const sample = () => {
    const { rss, anonymous } = bench.probe.memory()
    const seconds = (performance.now() - started) / 1000
    samples.push({ seconds: Math.round(seconds), rss, anonymous, cpuUs: bench.probe.cpuUs(), answered, failed: failures.length })
    writeFileSync(`${out}.samples.json`, JSON.stringify({ samples, failures: failures.slice(0, 50) }))
    if (samples.length % 6 === 1) console.error(`${short(seconds / 60)} min: RSS ${short(rss)} MB, ${answered} answered, ${failures.length} failed`)
  }
  sample()
  const timer = setInterval(sample, SAMPLE_MS)
  const next = (i) => {
    const { name, make } = cards[i % cards.length]
    const work = make(any(accounts)) ?? { bytes: get('com.atproto.server.describeServer') }
    return { name, ...work }
  }
  const onAnswer = ({ status, body }, { name, account, keys, isWrite }, ms) => {
    answered++
    const kind = (byKind[name] ??= { count: 0, total: 0, worst: 0 })
    kind.count++
    kind.total += ms
    kind.worst = Math.max(kind.worst, ms)
    if (status !== 200) {
      failures.push({ name, status, at: new Date().toISOString(), body: body.toString('utf8', 0, 200) })
      return
    }
    const rev = isWrite ? REV.exec(body.toString('latin1', 0, 1000))?.[1] : null
    if (rev) acknowledged.push(`${account.did} ${rev}`)
    if (rev) account.keys.push(...keys)
  }
  const done = await offer(bench.url, { rate, seconds: minutes * 60, maxConnections: 256, next, onAnswer, keepBody: true })
  clearInterval(timer)
  sample()
  const verdict = await judge.judge(acknowledged)
  const { open } = await crowd.stats()
  judge.close()
  crowd.close()
  const data = { done, samples, failures, byKind, acknowledged: acknowledged.length, verdict, subscribersLeft: open, records: accounts.map(({ keys }) => keys.length) }
  return { data, text: describe(data, { minutes, rate }) }
}

const describe = ({ done, samples, failures, byKind, acknowledged, verdict, subscribersLeft, records }, { minutes, rate }) => {
  const warm = samples.filter((sample) => sample.seconds >= minutes * 60 * WARM_UP)
  const half = warm.length >> 1
  const mean = (list, of) => list.reduce((sum, one) => sum + of(one), 0) / Math.max(1, list.length)
  const cpu = (samples.at(-1).cpuUs - samples[0].cpuUs) / 1e6 / done.seconds
  const times = samples.filter((_, i) => i % Math.ceil(samples.length / 12) === 0 || i === samples.length - 1)
  return `# Mixed load, ${minutes} minutes at ${rate} requests a second

- This server at ${revision()}. Machine: ${machine()}.
- ${done.ops + done.errors} requests answered, **${failures.length} failed**, ${done.unsent} not sent because all connections were busy; p50 ${short(done.p50)} ms, p99 ${short(done.p99)} ms. The server used ${short(cpu * 100)} % of one processor.
- Firehose: ${acknowledged} commits acknowledged, ${verdict.seen} seen, **${verdict.missing} missing**, ${verdict.faults.length} faults of order or gaps${verdict.faults.length ? ` (${verdict.faults[0]})` : ''}; the consumer was cut off ${verdict.cutOff} times; ${subscribersLeft} of ${SUBSCRIBERS} other subscribers still there.
- The ${ACCOUNTS} repositories began with ${RECORDS} records each and ended with ${Math.min(...records)} to ${Math.max(...records)}, ${short(mean(records, (count) => count))} on average.
- Memory after warm-up (${Math.round(WARM_UP * 100)} % of the time): ${short(mean(warm.slice(0, half), (s) => s.rss))} MB in the first half, ${short(mean(warm.slice(half), (s) => s.rss))} MB in the second; anonymous ${short(mean(warm.slice(0, half), (s) => s.anonymous))} and ${short(mean(warm.slice(half), (s) => s.anonymous))} MB.

| minute | ${times.map((sample) => short(sample.seconds / 60)).join(' | ')} |
|---|${times.map(() => '--:').join('|')}|
| RSS MB | ${times.map((sample) => short(sample.rss)).join(' | ')} |
| anonymous MB | ${times.map((sample) => short(sample.anonymous)).join(' | ')} |

| request | answered | mean ms | worst ms |
|---|--:|--:|--:|
${Object.entries(byKind).map(([name, kind]) => `| ${name} | ${kind.count} | ${short(kind.total / kind.count)} | ${short(kind.worst)} |`).join('\n')}
`
}
