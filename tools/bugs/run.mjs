// Puts bugs into the sources one at a time and tells which of them the tests notice. README.md has the format and the options.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countIn, loadBugs } from './lib/bugs.mjs'
import { report } from './lib/report.mjs'
import { Results } from './lib/results.mjs'
import { Bench, git, prepareFolder } from './lib/bench.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = resolve(here, '..', '..')

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    'any-commit': { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    ref: { type: 'string', default: 'HEAD' },
    timeout: { type: 'string', default: '600' },
    work: { type: 'string' },
    results: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
})

const { bugs, faults } = loadBugs(positionals.length > 0 ? positionals : [here])
const chosen = bugs.filter((bug) => !options.only || options.only.some((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`).test(bug.id)))
if (chosen.length === 0 && faults.length === 0) faults.push('No bug has such an id.')

const commit = git(root, 'rev-parse', options.ref)
for (const bug of chosen) {
  let text
  try {
    text = options.check ? readFileSync(join(root, bug.file), 'utf8') : git(root, 'show', `${commit}:${bug.file}`)
  } catch {
    faults.push(`${bug.id}: there is no file ${bug.file}`)
    continue
  }
  const times = countIn(text, bug.find)
  if (times !== 1) faults.push(`${bug.id}: "find" is ${times === 0 ? 'nowhere' : `${times} times`} in ${bug.file}`)
  for (const project of Object.keys(bug.tests)) {
    if (!existsSync(join(root, 'tests', project, `${project}.csproj`))) faults.push(`${bug.id}: there is no test project ${project}`)
  }
}

if (faults.length > 0) {
  for (const fault of faults) console.error(fault)
  process.exit(2)
}
if (options.check) {
  console.log(`${chosen.length} bugs still fit the sources.`)
  process.exit(0)
}

const work = options.work ?? join(process.env.TMPDIR ?? '/tmp', `pds-bugs-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`)
const results = new Results(options.results ?? join(work, 'results.json'), commit, { all: options.all, anyCommit: options['any-commit'] })
const open = options.report ? [] : chosen.filter((bug) => options.again || !results.has(bug))
if (open.length > 0) {
  prepareFolder(root, work)
  // Neighbours share a project, so that going from one to the next compiles once.
  open.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
  const benches = Array.from({ length: Math.min(Number(options.jobs), open.length) }, (_, i) => new Bench(root, join(work, `w${i}`), commit, { all: options.all, timeout: Number(options.timeout) }))
  console.log(`${open.length} bugs in ${benches.length} ${benches.length === 1 ? 'copy' : 'copies'} of ${commit.slice(0, 10)} below ${work}`)
  // All copies restore into one package folder, so they are made one after the other.
  for (const bench of benches) await bench.open(chosen)
  const share = Math.ceil(open.length / benches.length)
  await Promise.all(benches.map(async (bench, i) => {
    for (const bug of open.slice(i * share, (i + 1) * share)) {
      const result = await bench.try(bug)
      results.add(bug, result)
      console.log(`${result.outcome.padEnd(10)} ${String(result.seconds).padStart(5)} s  ${bug.id}${result.by ? `  (${result.by})` : ''}`)
    }
  }))
}

process.exit(report(chosen, results))
