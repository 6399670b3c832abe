// --floor: what a request and a message cost where there is only ASP.NET Core.
import { cycle, get, sleep } from '../lib/bench.mjs'
import { Subscribers } from '../lib/subscribers.mjs'

const SUBSCRIBERS = 500
const STREAM_SECONDS = 8

export const floorScenarios = {
  async request(bench) {
    await bench.throughput('an empty request', 'request', { connections: 16, next: cycle([get('com.atproto.server.describeServer')]) })
  },

  async message(bench) {
    const subscribers = new Subscribers()
    try {
      await subscribers.open(bench.url, SUBSCRIBERS)
      await sleep(STREAM_SECONDS * 1000)
      // It never goes quiet, so it is not waited for as Bench.measure does.
      await subscribers.reset()
      const before = bench.probe.cpuUs()
      await sleep(STREAM_SECONDS * 1000)
      const { frames } = await subscribers.stats()
      bench.rows.push({ name: `a message of 3 KB to one of ${SUBSCRIBERS} subscribers`, unit: 'message', ops: frames, cpuUs: (bench.probe.cpuUs() - before) / frames })
    } finally {
      subscribers.close()
    }
  },
}
