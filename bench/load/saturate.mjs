// --saturate: how many writes a second the server manages, and what becomes of it at twice as many. A consumer follows the firehose all the while, and in
// the end every acknowledged commit must have been in it.
import { get, sleep } from './lib/bench.mjs'
import { nextTid, short } from './lib/numbers.mjs'
import { machine, revision } from './lib/report.mjs'
import { Subscribers } from './lib/subscribers.mjs'
import { Connection, drive, offer } from './lib/wire.mjs'

const ACCOUNTS = 64
const LEVELS = [16, 32, 64, 128, 256]
const WARM_UP = { connections: 64, seconds: 30 }
const CROWDS = [2000, 6000] // fewer and more than may wait
const REV = /"rev":"([2-7a-z]{13})"/
const HEAD_BYTES = 2000
const REST_MS = 5000

/** How many processors the server and this process take until asked. */
const processors = (bench) => {
  const before = { cpu: bench.probe.cpuUs(), own: process.cpuUsage(), at: performance.now() }
  return () => {
    const us = (performance.now() - before.at) * 1000
    const own = process.cpuUsage(before.own)
    return { server: (bench.probe.cpuUs() - before.cpu) / us, generator: (own.user + own.system) / us }
  }
}

/** A read now and then, on a connection of its own: reads must go on while writes are refused. */
const readOn = (bench, account, isOver) => {
  const times = []
  const failures = []
  const loop = async () => {
    const connection = new Connection(bench.url)
    const bytes = get('com.atproto.sync.getLatestCommit', `did=${account.did}`)
    while (!isOver()) {
      const at = performance.now()
      const { status } = await connection.send(bytes)
      times.push(performance.now() - at)
      if (status !== 200) failures.push(status)
      await sleep(20)
    }
    connection.close()
    times.sort((a, b) => a - b)
    return { reads: times.length, failed: failures.length, p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] }
  }
  return loop()
}

export const saturate = async (bench, { seconds }) => {
  const accounts = await bench.need(ACCOUNTS)
  const judge = new Subscribers()
  await judge.open(bench.url, 1, { check: true })
  const acknowledged = []
  const next = (i) => bench.create(accounts[i % ACCOUNTS], nextTid())
  const onAnswer = ({ status, body }, account) => {
    const rev = status === 200 ? REV.exec(body.toString('latin1', 0, HEAD_BYTES))?.[1] : null
    if (rev) acknowledged.push(`${account.did} ${rev}`)
  }

  const write = (connections, seconds) => drive(bench.url, { connections, seconds, next, keepBody: true, onAnswer: (answer, i) => onAnswer(answer, accounts[i % ACCOUNTS]) })
  await write(WARM_UP.connections, WARM_UP.seconds)

  // Where it saturates: more connections bring nothing more.
  const levels = []
  for (const connections of LEVELS) {
    const used = processors(bench)
    const done = await write(connections, seconds)
    levels.push({ connections, perSecond: done.ops / done.seconds, p99: done.p99, errors: done.errors, rss: bench.probe.memory().rss, used: used() })
    console.error(`${connections} connections: ${short(done.ops / done.seconds)}/s, p99 ${short(done.p99)} ms, ${done.errors} refused or failed`)
    if (levels.length > 2 && levels.at(-1).perSecond < Math.max(...levels.slice(0, -1).map((level) => level.perSecond)) * 0.97) break
  }
  const peak = levels.reduce((best, level) => (level.perSecond > best.perSecond ? level : best))

  // Twice that, whether it is answered or not, on as many connections as that takes.
  const offered = peak.perSecond * 2
  const crowds = []
  for (const maxConnections of CROWDS) {
    let over = false
    const reading = readOn(bench, accounts[0], () => over)
    bench.probe.resetPeak()
    const used = processors(bench)
    const doubled = await offer(bench.url, {
      rate: offered,
      seconds: seconds * 3,
      maxConnections,
      keepBody: true,
      next: (i) => ({ bytes: next(i), account: accounts[i % ACCOUNTS] }),
      onAnswer: (answer, work) => onAnswer(answer, work.account),
    })
    over = true
    crowds.push({ ...doubled, used: used(), reads: await reading, memory: bench.probe.memory() })
    await sleep(REST_MS)
  }
  const verdict = await judge.judge(acknowledged)
  judge.close()
  const data = { levels, peak, offered, crowds, verdict, acknowledged: acknowledged.length }
  return { data, text: describe(data) }
}

const describe = ({ levels, peak, offered, crowds, verdict, acknowledged }) => `# At and beyond saturation

- This server at ${revision()}, createRecord on ${ACCOUNTS} accounts. Machine: ${machine()}.

| connections | writes/s | p99 ms | refused or failed | RSS MB | processors, server | generator |
|--:|--:|--:|--:|--:|--:|--:|
${levels.map((level) => `| ${level.connections} | ${short(level.perSecond)} | ${short(level.p99)} | ${level.errors} | ${short(level.rss)} | ${short(level.used.server)} | ${short(level.used.generator)} |`).join('\n')}

Offered ${short(offered)} writes a second, twice the peak of ${short(peak.perSecond)}:
${crowds.map((crowd) => describeCrowd(crowd, peak)).join('')}
**${verdict.missing} of ${acknowledged} acknowledged commits were missing** from the firehose; faults of order or gaps: ${verdict.faults.length}${verdict.faults.length ? ` (${verdict.faults.join('; ')})` : ''}; the consumer was cut off for being slow ${verdict.cutOff} times, and came back with its cursor.
`

const describeCrowd = ({ ops, errors, seconds, statuses, connections, unsent, p50, p99, used, reads, memory }, peak) => {
  const answered = ops + errors
  const failures = Object.entries(statuses).filter(([status]) => status !== '200' && status !== '503')
  return `
On ${connections} connections, for ${short(seconds)} s (${short(answered / seconds)}/s were really sent and answered; ${unsent} found all connections busy):

- **${short(ops / seconds)} a second were accepted** (${short((100 * ops) / seconds / peak.perSecond)} % of the peak), p50 ${short(p50)} ms, **p99 ${short(p99)} ms**. The server took ${short(used.server)} processors, the generator ${short(used.generator)}.
- ${short((100 * (statuses[503] ?? 0)) / answered)} % were answered 503; other failures: ${JSON.stringify(Object.fromEntries(failures))}.
- Reads meanwhile: ${reads.reads}, ${reads.failed} failed, p50 ${short(reads.p50)} ms, p99 ${short(reads.p99)} ms. RSS ${short(memory.rss)} MB, at most ${short(memory.peak)} MB.
`
}
