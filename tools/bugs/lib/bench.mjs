// One copy of the sources in which bugs are put in, built, tested and taken out again.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const OUTPUT = join('bin', 'Debug', 'net10.0')
const BUILD = ['build', '--no-restore', '-c', 'Debug', '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false', '-v', 'q', '-clp:NoSummary']
const LOG_CHARACTERS = 4_000_000

/** Runs git and gives what it prints. */
export const git = (folder, ...args) => {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return args[0] === 'show' ? stdout : stdout.trim()
}

/** Makes the folder for the copies. The tests look for shared data beside the sources, so it is linked there. */
export const prepareFolder = (root, work) => {
  mkdirSync(work, { recursive: true })
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
    const shared = join(folder, 'shared')
    if (existsSync(join(shared, 'data')) && !existsSync(join(work, 'shared'))) symlinkSync(shared, join(work, 'shared'))
  }
}

const groups = new Set()
const end = (group) => {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const group of groups) end(group)
    process.exit(130)
  })
}

/** Runs dotnet in a process group of its own, which ends as a whole when time is up or its output has what is waited for. */
const run = (folder, args, { seconds = 1800, until } = {}) => new Promise((done) => {
  const child = spawn('dotnet', args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' } })
  let text = ''
  let isLate = false
  groups.add(child.pid)
  const timer = setTimeout(() => {
    isLate = true
    end(child.pid)
  }, seconds * 1000)
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text = (text + data).slice(-LOG_CHARACTERS)
      if (until?.(text)) end(child.pid)
    })
  }
  // Not 'close': servers of the build keep the pipes open.
  child.on('exit', (status) => {
    clearTimeout(timer)
    groups.delete(child.pid)
    setTimeout(() => done({ status, text, isLate }), 50)
  })
})

/** The first source error of a build. */
const errorIn = (text) => /error [A-Z]+\d+: .*/.exec(text)?.[0].slice(0, 200) ?? text.trim().split('\n').at(-1)

export class Bench {
  constructor(root, folder, commit, { all, timeout }) {
    this.root = root
    this.folder = folder
    this.commit = commit
    this.all = all
    this.timeout = timeout
    this.pristine = join(folder, 'artifacts', 'pristine')
    this.stamp = join(folder, 'artifacts', 'without-a-bug.json')
    this.broken = join(folder, 'artifacts', 'bug-inside')
    this.replaced = new Set()
  }

  /** Brings the copy to the commit, builds the test projects, and runs the tests without a bug. */
  async open(bugs) {
    if (existsSync(join(this.folder, '.git'))) {
      git(this.folder, 'checkout', '--force', '--detach', this.commit)
    } else {
      git(this.root, 'worktree', 'prune')
      git(this.root, 'worktree', 'add', '--detach', this.folder, this.commit)
    }
    const filters = new Map()
    for (const bug of bugs) {
      for (const [project, filter] of Object.entries(bug.tests)) filters.set(project, (filters.get(project) ?? new Set()).add(filter))
    }

    const state = JSON.stringify([this.commit, this.all, [...filters].map(([project, of]) => [project, [...of].sort()]).sort()])
    const known = existsSync(this.stamp) && !existsSync(this.broken) ? JSON.parse(readFileSync(this.stamp, 'utf8')) : {}
    if (known.state === state) {
      this.unreliable = new Set(known.unreliable)
      return
    }

    this.unreliable = new Set()
    rmSync(this.stamp, { force: true })
    rmSync(this.pristine, { recursive: true, force: true })
    for (const [project, of] of filters) {
      console.log(`${basename(this.folder)}: ${project} without a bug`)
      const restored = await run(this.folder, ['restore', join('tests', project), '-v', 'q'])
      if (restored.status !== 0) throw new Error(`${project} cannot be restored: ${errorIn(restored.text)}`)
      const built = await this.#buildAll(project)
      if (built.status !== 0) throw new Error(`${project} does not build without a bug: ${errorIn(built.text)}`)
      const { failed, ran } = await this.#test(project, [...of].join('|'), { stop: false })
      if (ran === 0) throw new Error(`${project}: no test ran without a bug`)
      for (const name of failed) {
        this.unreliable.add(name)
        console.log(`  fails without a bug, and counts for none: ${name}`)
      }
      const output = join(this.folder, 'tests', project, OUTPUT)
      mkdirSync(join(this.pristine, project), { recursive: true })
      for (const name of this.#assemblies()) if (existsSync(join(output, name))) copyFileSync(join(output, name), join(this.pristine, project, name))
    }
    writeFileSync(this.stamp, JSON.stringify({ state, unreliable: [...this.unreliable] }))
    rmSync(this.broken, { force: true })
  }

  /** Puts one bug in, tests, and takes it out again. */
  async try(bug) {
    const start = performance.now()
    const path = join(this.folder, bug.file)
    const text = readFileSync(path, 'utf8')
    const at = text.indexOf(bug.find)
    writeFileSync(path, text.slice(0, at) + bug.replace + text.slice(at + bug.find.length))
    writeFileSync(this.broken, bug.id)
    let result
    try {
      result = await this.#judge(bug)
    } catch (e) {
      result = { outcome: 'error', why: e.message.slice(0, 300) }
    } finally {
      writeFileSync(path, text)
      await this.#restore()
      rmSync(this.broken)
    }
    return { ...result, seconds: Math.round((performance.now() - start) / 100) / 10 }
  }

  async #judge(bug) {
    for (const [project, filter] of Object.entries(bug.tests)) {
      const built = await this.#build(bug, project)
      if (built.status !== 0) return { outcome: 'no compile', why: errorIn(built.text) }
      const { failed, ran, crashed, isLate } = await this.#test(project, filter, { stop: true })
      if (isLate) return { outcome: 'hung', by: `${project} was not done after ${this.timeout} s` }
      const by = failed.find((name) => !this.unreliable.has(name))
      if (by) return { outcome: 'caught', by }
      if (crashed) return { outcome: 'caught', by: `${project} crashed` }
      if (ran === 0) return { outcome: 'error', why: `${project} has no test for ${filter}` }
    }
    return { outcome: 'survived' }
  }

  /** Compiles the project with the bug alone while others cannot tell the difference; otherwise all that depend on it. */
  async #build(bug, project) {
    const folder = join(this.folder, ...bug.file.split('/').slice(0, 2))
    const csproj = readdirSync(folder).find((name) => name.endsWith('.csproj'))
    const assembly = `${/<AssemblyName>(.*)<\/AssemblyName>/.exec(readFileSync(join(folder, csproj), 'utf8'))?.[1] ?? csproj.slice(0, -'.csproj'.length)}.dll`
    const surface = () => readFileSync(join(folder, 'obj', 'Debug', 'net10.0', 'ref', assembly))
    const before = surface()
    const built = await run(this.folder, [...BUILD, join(folder, csproj), '--no-dependencies'])
    if (built.status !== 0) return built
    if (!surface().equals(before)) {
      this.rebuilt = [...new Set([...(this.rebuilt ?? []), project])]
      return this.#buildAll(project)
    }
    copyFileSync(join(folder, OUTPUT, assembly), join(this.folder, 'tests', project, OUTPUT, assembly))
    this.replaced.add(`${project}/${assembly}`)
    return built
  }

  #buildAll(project) {
    return run(this.folder, [...BUILD, join('tests', project)])
  }

  async #restore() {
    for (const project of this.rebuilt ?? []) await this.#buildAll(project)
    this.rebuilt = undefined
    for (const file of this.replaced) copyFileSync(join(this.pristine, file), join(this.folder, 'tests', dirname(file), OUTPUT, basename(file)))
    this.replaced.clear()
  }

  async #test(project, filter, { stop }) {
    const results = join(this.folder, 'artifacts', 'tests')
    rmSync(results, { recursive: true, force: true })
    const args = ['test', join('tests', project, OUTPUT, `${project}.dll`), '--logger', 'console;verbosity=minimal', '--logger', 'trx;LogFileName=run.trx', '--results-directory', results]
    if (!this.all) args.push('--filter', filter)
    // NUnit's own way of stopping at the first failure can wait for ever where tests run in parallel.
    let by
    const until = (text) => (by = [...text.matchAll(/^ +Failed (.+) \[[^\]]*\]$/gm)].map(([, name]) => name.trim().slice(0, 120)).find((name) => !this.unreliable.has(name)))
    const { status, text, isLate } = await run(this.folder, args, { seconds: this.timeout, until: stop ? until : undefined })
    if (by) return { failed: [by], ran: 1 }
    const trx = existsSync(join(results, 'run.trx')) ? readFileSync(join(results, 'run.trx'), 'utf8') : ''
    const tests = [...trx.matchAll(/<UnitTestResult [^>]*>/g)].map(([tag]) => tag)
    const failed = tests.filter((tag) => tag.includes('outcome="Failed"')).map((tag) => /testName="([^"]*)"/.exec(tag)[1].replaceAll('&quot;', '"').slice(0, 120))
    const crashed = status !== 0 && failed.length === 0 && /crashed|aborted/i.test(text)
    return { failed, crashed, isLate, ran: tests.filter((tag) => !tag.includes('outcome="NotExecuted"')).length }
  }

  #assemblies() {
    const names = []
    for (const name of readdirSync(join(this.folder, 'src'))) {
      const obj = join(this.folder, 'src', name, 'obj', 'Debug', 'net10.0', 'ref')
      if (existsSync(obj)) names.push(...readdirSync(obj))
    }
    return names
  }
}
