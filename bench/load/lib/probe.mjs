// What a process used, from /proc: processor time, memory, bytes written.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const TICK_US = 1e6 / Number(execFileSync('getconf', ['CLK_TCK']).toString().trim())
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const MB = 1e6

export class Probe {
  constructor(pid) {
    this.pid = pid
  }

  /** User and kernel time of all threads, those that have ended included, in microseconds; it counts in steps of 10 ms. */
  cpuUs() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_US
  }

  /** Resident and peak memory, and the part of it that belongs to no file, in MB. */
  memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    const of = (name) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024) / MB
    return { rss: of('VmRSS'), peak: of('VmHWM'), anonymous: of('RssAnon') }
  }

  /** Lets the peak start again from what is resident now. */
  resetPeak() {
    try {
      writeFileSync(`/proc/${this.pid}/clear_refs`, '5')
    } catch {
      // not permitted: then the peak is that of the whole life
    }
  }

  /** Bytes sent towards the disk. */
  writtenBytes() {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${this.pid}/io`, 'utf8'))?.[1] ?? 0)
  }

  /** Waits until the server does nothing more, so that what it left for later is counted where it belongs. */
  async settle(limitMs = 6000) {
    const end = performance.now() + limitMs
    let before = this.cpuUs()
    for (let quiet = 0; quiet < 5 && performance.now() < end; ) {
      await sleep(60)
      const now = this.cpuUs()
      quiet = now - before <= TICK_US ? quiet + 1 : 0
      before = now
    }
  }
}

/** Processor time that the whole machine has used, in microseconds. */
export const machineUs = () => {
  const [user, nice, system, , , irq, soft] = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number)
  return (user + nice + system + irq + soft) * TICK_US
}
