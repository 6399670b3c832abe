// Starts the server under test as a process of its own, on a free port and an empty data directory.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

/** @param {{ command?: string, settings?: object }} options The command, by default that of PDS_COMMAND, and further environment variables. */
export async function startServer({ command = process.env.PDS_COMMAND, settings = {} } = {}) {
  if (!command) throw new Error('PDS_COMMAND says how to start the server, for example "out/pds serve"')
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'pds-interop-'))
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PDS_'))),
    PDS_PORT: String(port),
    PDS_HOSTNAME: 'localhost',
    PDS_DEV_MODE: 'true',
    PDS_DATA_DIRECTORY: directory,
    PDS_BLOBSTORE_DISK_LOCATION: join(directory, 'blocks'),
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_JWT_SECRET: 'interop-jwt-secret-interop-jwt-secret',
    PDS_ADMIN_PASSWORD: 'interop-admin',
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: '9085d2bef69286a6cbb51623c8fa258629945cd55ca705cc4e66700396894e0c',
    PDS_INVITE_REQUIRED: 'false',
    LOG_ENABLED: 'false',
    ...settings,
  }
  const url = `http://localhost:${port}`
  const output = []
  let child

  const start = async () => {
    const [file, ...args] = command.split(' ').filter(Boolean)
    child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    for (let waited = 0; ; waited += 50) {
      if (child.exitCode !== null || waited > 60_000) throw new Error(`the server does not start:\n${Buffer.concat(output)}`)
      if (await fetch(`${url}/xrpc/_health`).then((answer) => answer.ok, () => false)) return
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  const end = (signal) =>
    new Promise((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode)
      child.once('exit', (code) => done(code))
      child.kill(signal)
    })

  await start().catch(async (error) => {
    await end('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
    throw error
  })
  return {
    url,
    port,
    adminPassword: env.PDS_ADMIN_PASSWORD,
    plcUrl: `${url}/plc`,
    output: () => Buffer.concat(output).toString(),
    /** Ends the process without warning. */
    kill: () => end('SIGKILL'),
    start,
    /** Ends the process as an operator would, and gives its exit code. */
    terminate: () => end('SIGTERM'),
    async stop() {
      const code = await end('SIGTERM')
      rmSync(directory, { recursive: true, force: true })
      return code
    },
  }
}
