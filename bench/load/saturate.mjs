// --saturate: how many writes a second the server manages, and what becomes of it at twice as many, in turns, since machines are not equally fast for
// minutes on end. A consumer follows the firehose all the while, and in the end every acknowledged commit must have been in it.
import { get, sleep } from './lib/bench.mjs'
import { nextTid, short } from './lib/numbers.mjs'
import { machine, revision } from './lib/report.mjs'
import { Subscribers } from './lib/subscribers.mjs'
import { Connection, drive, offer } from './lib/wire.mjs'

const ACCOUNTS = 64
const LEVELS = [16, 32, 64, 128, 256]
const WARM_UP = { connections: 64, seconds: 10, most: 6 } // until ten seconds bring no more than those before
const GAIN = 1.03
const CROWDS = [2000, 6000] // fewer and more than may wait
const ROUNDS = 3
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

const perSecond = (done) => done.ops / done.seconds
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

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
  const write = async (connections, seconds) => {
    const used = processors(bench)
    const done = await drive(bench.url, { connections, seconds, next, keepBody: true, onAnswer: (answer, i) => onAnswer(answer, accounts[i % ACCOUNTS]) })
    return { ...done, connections, perSecond: perSecond(done), rss: bench.probe.memory().rss, used: used() }
  }

  let best = 0
  for (let i = 0; i < WARM_UP.most; i++) {
    const warm = await write(WARM_UP.connections, WARM_UP.seconds)
    if (warm.perSecond < best * GAIN) break
    best = Math.max(best, warm.perSecond)
  }

  // Where it saturates: more connections bring nothing more.
  const levels = []
  for (const connections of LEVELS) {
    const level = await write(connections, seconds)
    levels.push(level)
    console.error(`${connections} connections: ${short(level.perSecond)}/s, p99 ${short(level.p99)} ms, ${level.errors} refused or failed`)
    if (levels.length > 2 && level.perSecond < Math.max(...levels.slice(0, -1).map((one) => one.perSecond)) / GAIN) break
  }
  const peak = levels.reduce((most, level) => (level.perSecond > most.perSecond ? level : most))

  // Twice that, whether it is answered or not, on as many connections as that takes; and before each time the peak once more.
  const offered = peak.perSecond * 2
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const maxConnections of CROWDS) {
      const before = await write(peak.connections, seconds)
      let over = false
      const reading = readOn(bench, accounts[0], () => over)
      bench.probe.resetPeak()
      const used = processors(bench)
      const crowd = await offer(bench.url, {
        rate: offered,
        seconds: seconds * 3,
        maxConnections,
        keepBody: true,
        next: (i) => ({ bytes: next(i), account: accounts[i % ACCOUNTS] }),
        onAnswer: (answer, work) => onAnswer(answer, work.account),
      })
      over = true
      rounds.push({ ...crowd, maxConnections, perSecond: perSecond(crowd), before: before.perSecond, used: used(), reads: await reading, memory: bench.probe.memory() })
      console.error(`${maxConnections} connections: ${short(before.perSecond)}/s, and at twice that ${short(perSecond(crowd))}/s, p99 ${short(crowd.p99)} ms, ${crowd.errors} refused or failed`)
      await sleep(REST_MS)
    }
  }
  const verdict = await judge.judge(acknowledged)
  judge.close()
  const data = { levels, peak, offered, rounds, verdict, acknowledged: acknowledged.length }
  return { data, text: describe(data) }
}

const describe = ({ levels, peak, offered, rounds, verdict, acknowledged }) => `# At and beyond saturation

- This server at ${revision()}, createRecord on ${ACCOUNTS} accounts. Machine: ${machine()}.

| connections | writes/s | p99 ms | refused or failed | RSS MB | processors, server | generator |
|--:|--:|--:|--:|--:|--:|--:|
${levels.map((level) => `| ${level.connections} | ${short(level.perSecond)} | ${short(level.p99)} | ${level.errors} | ${short(level.rss)} | ${short(level.used.server)} | ${short(level.used.generator)} |`).join('\n')}

Offered ${short(offered)} writes a second, twice the peak of ${short(peak.perSecond)}; before each time the peak's ${peak.connections} connections once more:

| connections | before, /s | accepted, /s | of that before | p50 ms | p99 ms | 503 | other failures | not sent, all busy | processors, server | generator | reads, p99 ms | failed | RSS MB at most |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rounds.map(describeRound).join('\n')}

${CROWDS.map((connections) => describeCrowd(connections, rounds.filter((round) => round.maxConnections === connections))).join('\n')}

**${verdict.missing} of ${acknowledged} acknowledged commits were missing** from the firehose; faults of order or gaps: ${verdict.faults.length}${verdict.faults.length ? ` (${verdict.faults.join('; ')})` : ''}; the consumer was cut off for being slow ${verdict.cutOff} times, and came back with its cursor.
`

const describeRound = ({ connections, before, perSecond, ops, errors, statuses, unsent, p50, p99, used, reads, memory }) => {
  const refused = statuses[503] ?? 0
  const cells = [connections, short(before), short(perSecond), `${short((100 * perSecond) / before)} %`, short(p50), short(p99)]
  cells.push(`${short((100 * refused) / (ops + errors))} %`, errors - refused, unsent, short(used.server), short(used.generator), short(reads.p99), reads.failed, short(memory.peak))
  return `| ${cells.join(' | ')} |`
}

const describeCrowd = (connections, rounds) => {
  const accepted = median(rounds.map((round) => round.perSecond))
  const before = median(rounds.map((round) => round.before))
  return `- Medians on up to ${connections} connections: ${short(before)} a second before, ${short(accepted)} at twice the load, **${short((100 * accepted) / before)} %**.`
}
