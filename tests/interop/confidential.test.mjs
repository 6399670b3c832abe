// The official OAuth client as one that has a web site and a key: private_key_jwt, its documents served by a server of its own.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { AtpAgent, Agent } from '@atproto/api'
import { Browser } from './lib/browser.mjs'
import { createConfidentialClient } from './lib/oauth.mjs'
import { startServer } from './lib/server.mjs'

const redirect = 'https://app.client.dev/callback'
const scope = 'atproto transition:generic'
const account = { handle: 'conrad.test', email: 'conrad@example.com', password: 'correct horse battery' }
const sessions = new Map()
const asked = []
let server
let web
let did
let client
let browser

before(async () => {
  server = await startServer()
  const agent = new AtpAgent({ service: server.url })
  await agent.createAccount(account)
  did = agent.session.did
  browser = new Browser(server.url)
  web = createServer((request, response) => {
    asked.push(request.url)
    const document = { '/client-metadata.json': client.clientMetadata, '/jwks.json': client.jwks }[request.url]
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document ?? {}))
  })
  await new Promise((done) => web.listen(0, '127.0.0.1', done))
  client = await createConfidentialClient(server, { url: `http://127.0.0.1:${web.address().port}`, redirect, scope, sessions, name: 'An application' })
})
after(async () => {
  web?.close().closeAllConnections()
  await server?.stop()
})

test('it signs somebody in, proving who it is', async () => {
  const url = await client.authorize(account.handle, { scope, state: 'mine' })
  const consent = await browser.submit(await browser.send(url), 'sign-in', { identifier: account.handle, password: account.password, remember: 'yes' })
  assert.match(consent.html, /<h1>Allow access\?<\/h1>/)
  assert.doesNotMatch(consent.html, /An application/, 'a name that nobody vouches for')
  const { location } = await browser.submit(consent, 'answer', { answer: 'yes' })

  const { session, state } = await client.callback(new URL(location).searchParams)

  assert.equal(state, 'mine')
  assert.equal(session.did, did)
  assert.deepEqual([...new Set(asked)].sort(), ['/client-metadata.json', '/jwks.json'])
  const { data } = await new Agent(session).com.atproto.repo.createRecord({
    repo: did,
    collection: 'app.bsky.feed.post',
    record: { $type: 'app.bsky.feed.post', text: 'by a confidential client', createdAt: new Date().toISOString() },
  })
  assert.match(data.uri, new RegExp(`^at://${did}/app.bsky.feed.post/`))
})

test('it is not asked about twice: the second time it signs in silently', async () => {
  const url = await client.authorize(account.handle, { scope, prompt: 'none' })

  const { location } = await browser.send(url)
  const { session } = await client.callback(new URL(location).searchParams)

  assert.equal(session.did, did)
})

test('its session is refreshed, also after a restart of the server', async () => {
  assert.equal(await server.terminate(), 0, server.output())
  await server.start()

  const session = await client.restore(did, true)

  assert.equal((await new Agent(session).com.atproto.server.getSession()).data.did, did)
})

test('signing out ends the session at the server', async () => {
  const { refresh_token: token } = sessions.get(did).tokenSet
  await (await client.restore(did, false)).signOut()

  assert.match(token, /^ref-/)
  assert.equal(sessions.has(did), false)
  await assert.rejects(client.restore(did, true))
})
