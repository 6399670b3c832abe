#!/usr/bin/env node
// Measures what a unit of work costs this server, and the reference server beside it. README.md says how to read it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Bench } from './lib/bench.mjs'
import { report, revision } from './lib/report.mjs'
import { referenceCommand, startAppView, startPlc, startServer } from './lib/servers.mjs'
import { mixed } from './mixed.mjs'
import { saturate } from './saturate.mjs'
import { accountScenarios } from './scenarios/accounts.mjs'
import { floorScenarios } from './scenarios/floor.mjs'
import { recordScenarios } from './scenarios/records.mjs'
import { syncScenarios } from './scenarios/sync.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values: options } = parseArgs({
  options: {
    server: { type: 'string' }, // command of the server; published from the sources when not given
    reference: { type: 'boolean', default: false },
    'reference-dir': { type: 'string', default: join(here, 'reference') },
    'only-reference': { type: 'boolean', default: false },
    floor: { type: 'boolean', default: false },
    only: { type: 'string' }, // scenarios by prefix, with commas
    skip: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    mixed: { type: 'string' }, // minutes
    rate: { type: 'string', default: '150' }, // requests a second of --mixed
    saturate: { type: 'boolean', default: false },
    out: { type: 'string', default: join(here, 'results', 'latest') }, // .md and .json are added
    list: { type: 'boolean', default: false },
  },
})

const { restart, ...accountsFirst } = accountScenarios
const { at100k, ...records } = recordScenarios
const scenarios = { ...accountsFirst, ...records, ...syncScenarios, at100k, restart }
const matches = (list, name) => list.split(',').some((prefix) => name.startsWith(prefix))
const chosen = Object.entries(scenarios).filter(([name]) => (!options.only || matches(options.only, name)) && !(options.skip && matches(options.skip, name)))

const publish = (project, name) => {
  const out = join(here, 'out', name)
  console.error(`publishing ${project} …`)
  execFileSync('dotnet', ['publish', resolve(here, '../..', project), '-c', 'Release', '-o', out, '-v', 'q', '--nologo'], { stdio: ['ignore', 'inherit', 'inherit'] })
  return join(out, name)
}

const ownCommand = () => {
  if (!options.server) return [publish('src/Pds.Server', 'pds'), 'serve']
  const [file, ...args] = options.server.split(' ').filter(Boolean)
  return [existsSync(file) ? resolve(file) : file, ...args]
}

/** Scenarios against one server; those that fail are told of and left out. */
const measure = async (name, surroundings, command, list = chosen) => {
  const directory = mkdtempSync(join(tmpdir(), 'pds-load-'))
  const start = { ...surroundings, command }
  const bench = new Bench(name, await startServer({ ...start, directory }), { seconds: Number(options.seconds) })
  for (const [scenario, run] of list) {
    try {
      await run(bench, { options: start })
    } catch (error) {
      console.error(`${name}  ${scenario} failed: ${error.stack}`)
      bench.rows.push({ name: scenario, unit: 'failed', ops: 0, errors: 1, others: 0 })
    }
  }
  await bench.server.stop()
  rmSync(directory, { recursive: true, force: true })
  return bench.rows
}

/** One of the long modes against one server. */
const runMode = async (mode, surroundings, command) => {
  const directory = mkdtempSync(join(tmpdir(), 'pds-load-'))
  const server = await startServer({ ...surroundings, command, directory })
  try {
    return await mode(new Bench('ours', server), { minutes: Number(options.mixed), rate: Number(options.rate), out: options.out, seconds: Number(options.seconds) })
  } finally {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const main = async () => {
  if (options.list) {
    console.log(chosen.map(([name]) => name).join('\n'))
    return
  }
  const reference = options.reference || options['only-reference'] ? referenceCommand(resolve(options['reference-dir'])) : null
  const own = options['only-reference'] ? null : ownCommand()
  const surroundings = { plc: await startPlc(), appView: await startAppView() }
  const started = performance.now()
  let text
  let data
  if (options.mixed || options.saturate) {
    const result = await runMode(options.mixed ? mixed : saturate, surroundings, own ?? reference)
    ;({ text, data } = result)
  } else {
    const ours = own ? await measure('ours', surroundings, own) : []
    const theirs = reference ? await measure('reference', surroundings, reference) : []
    const floor = options.floor ? await measure('floor', surroundings, [publish('bench/Pds.Floor', 'floor')], Object.entries(floorScenarios)) : []
    const versions = [`This server at ${revision()}`, ...(reference ? ['reference @atproto/pds 0.5.35 on Node.js 24.18.0'] : [])]
    data = { ours, theirs, floor, versions, took: (performance.now() - started) / 1000 }
    text = report(data)
  }
  mkdirSync(dirname(resolve(options.out)), { recursive: true })
  writeFileSync(`${options.out}.md`, text)
  writeFileSync(`${options.out}.json`, `${JSON.stringify(data, null, 1)}\n`)
  console.log(text)
  surroundings.plc.stop()
  surroundings.appView.stop()
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
