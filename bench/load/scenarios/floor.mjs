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
      await bench.measure(`a message of 3 KB to ${SUBSCRIBERS} subscribers`, 'message', async () => {
        await subscribers.reset()
        const started = performance.now()
        await sleep(STREAM_SECONDS * 1000)
        const { frames } = await subscribers.stats()
        return { ops: frames, seconds: (performance.now() - started) / 1000 }
      })
    } finally {
      subscribers.close()
    }
  },
}
