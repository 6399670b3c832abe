// Tables in Markdown.
import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { short } from './numbers.mjs'

export const machine = () =>
  `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version}; the load generator shares it with the server`

export const revision = () => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

const ratio = (theirs, ours) => (theirs && ours ? `${short(theirs / ours)} ×` : '')
const line = (cells) => `| ${cells.join(' | ')} |`

/** Both servers side by side; the ratio is how many times less processor time ours takes. */
export const sideBySide = (ours, theirs) => {
  const other = new Map(theirs.map((row) => [row.name, row]))
  const lines = [
    '| operation | unit | CPU µs | reference | **ratio** | per second | reference | p50 / p99 ms | reference | RSS MB | reference | B written | reference | others |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  ]
  for (const row of ours) {
    const ref = other.get(row.name) ?? {}
    lines.push(
      line([
        row.name, row.unit, `**${short(row.cpuUs)}**`, short(ref.cpuUs), ratio(ref.cpuUs, row.cpuUs), short(row.perSecond), short(ref.perSecond),
        `${short(row.p50)} / ${short(row.p99)}`, ref.name ? `${short(ref.p50)} / ${short(ref.p99)}` : '', short(row.rss), short(ref.rss), short(row.written), short(ref.written),
        `${Math.round(row.others * 100)} %`,
      ]),
    )
  }
  return lines.join('\n')
}

export const single = (rows) => [
  '| operation | unit | CPU µs | per second | p50 / p99 ms | RSS MB (peak) | B written | errors | others |',
  '|---|---|--:|--:|--:|--:|--:|--:|--:|',
  ...rows.map((row) =>
    line([
      row.name, row.unit, `**${short(row.cpuUs)}**`, short(row.perSecond), `${short(row.p50)} / ${short(row.p99)}`, `${short(row.rss)} (${short(row.peak)})`, short(row.written), row.errors || '',
      `${Math.round(row.others * 100)} %`,
    ]),
  ),
].join('\n')

const marginal = (rows) =>
  rows.filter((row) => row.marginalUs !== undefined).map((row) => `${row.name} ${short(row.marginalUs)} µs`).join(', ')

export const report = ({ ours, theirs, floor, versions, took }) => `# Load, ${new Date().toISOString().slice(0, 16)}Z

- ${versions.join('; ')}. ${Math.round(took / 60)} minutes in all.
- Machine: ${machine()}.
- CPU is user and kernel time of the server process, by unit of work. *Others* is what else ran on the machine meanwhile: above a tenth, repeat the row.

${theirs.length ? sideBySide(ours, theirs) : single(ours)}

A frame to one more subscriber, the writes taken off: ${marginal(ours)}${theirs.length ? `; reference: ${marginal(theirs)}` : ''}.
${floor.length ? `\nASP.NET Core with nothing in it: ${floor.map((row) => `${row.name} ${short(row.cpuUs)} µs`).join(', ')}.\n` : ''}${[...ours, ...theirs].some((row) => row.errors) ? '\n**Some requests failed**; see the JSON.\n' : ''}`
