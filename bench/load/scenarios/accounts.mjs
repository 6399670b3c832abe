// Start, description of the server, accounts and sessions.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cycle, get, post, sleep } from '../lib/bench.mjs'
import { percentiles } from '../lib/numbers.mjs'
import { Probe } from '../lib/probe.mjs'
import { startServer } from '../lib/servers.mjs'

const ACCOUNTS = 30

/** Starts the server some times over; the median. */
const startOn = async (bench, name, options, directory, times) => {
  const all = []
  for (let i = 0; i < times; i++) {
    const server = await startServer({ ...options, directory })
    const probe = new Probe(server.pid)
    const cpu = probe.cpuUs()
    await sleep(2000)
    all.push({ ms: server.startMs, cpu, ...probe.memory() })
    await server.stop()
  }
  const middle = all.toSorted((a, b) => a.ms - b.ms)[all.length >> 1]
  bench.rows.push({ name, unit: 'start', ops: times, perSecond: null, cpuUs: middle.cpu, p50: middle.ms, p99: null, rss: middle.rss, written: null, errors: 0, others: 0 })
  console.error(`${bench.name}  ${name}: ${Math.round(middle.ms)} ms, CPU ${Math.round(middle.cpu / 1000)} ms, RSS ${Math.round(middle.rss)} MB`)
}

export const accountScenarios = {
  async start(bench, { options }) {
    const directory = mkdtempSync(join(tmpdir(), 'pds-load-start-'))
    try {
      await startOn(bench, 'start, empty', options, join(directory, 'data'), 1)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },

  async idle(bench) {
    await bench.measure('idle', 's', async () => {
      await sleep(5000)
      return { ops: 5, seconds: 5 }
    })
  },

  async describeServer(bench) {
    await bench.throughput('describeServer', 'request', { connections: 16, next: cycle([get('com.atproto.server.describeServer')]) })
  },

  async createAccount(bench) {
    for (let i = 0; i < ACCOUNTS; i++) bench.accounts.push(await bench.createAccount())
    await bench.measure('createAccount', 'account', async () => {
      const times = []
      const started = performance.now()
      for (let i = 0; i < ACCOUNTS; i++) {
        const at = performance.now()
        bench.accounts.push(await bench.createAccount())
        times.push(performance.now() - at)
      }
      return { ops: times.length, seconds: (performance.now() - started) / 1000, ...percentiles(times) }
    })
  },

  async createSession(bench) {
    const some = await bench.need(16)
    const requests = some.map(({ handle, password }) => post('com.atproto.server.createSession', { identifier: handle, password }))
    await bench.throughput('createSession', 'session', { connections: 8, next: cycle(requests) })
  },

  async getSession(bench) {
    const [account] = await bench.need(1)
    await bench.throughput('getSession', 'request', { connections: 16, next: cycle([get('com.atproto.server.getSession', '', account.token)]) })
  },

  /** Last: stops the server that everything was measured on, and starts it again on what it holds. */
  async restart(bench, { options }) {
    await bench.server.stop()
    await startOn(bench, 'start, with all that data', options, bench.server.directory, 3)
  },
}
