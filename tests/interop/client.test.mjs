// The official client and the official verifiers, from an account's first day to its export.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AtpAgent } from '@atproto/api'
import { Client as PlcClient } from '@did-plc/lib'
import { readCarWithRoot, verifyProofs, verifyRepoCar } from '@atproto/repo'
import { parseCid } from '@atproto/lex-data'
import { checkCommit, subscribe } from './lib/firehose.mjs'
import { startServer } from './lib/server.mjs'

const collection = 'app.bsky.feed.post'
let server
let agent
let signingKey
const did = () => agent.session.did
const post = (text) => ({ $type: collection, text, createdAt: new Date().toISOString() })

before(async () => {
  server = await startServer()
  agent = new AtpAgent({ service: server.url })
})
after(() => server?.stop())

test('an account is created, its DID is in the directory, and it can sign in again', async () => {
  await agent.createAccount({ handle: 'alice.test', email: 'alice@example.com', password: 'correct horse battery' })

  const data = await new PlcClient(server.plcUrl).getDocumentData(did())
  signingKey = data.verificationMethods.atproto
  assert.equal(data.alsoKnownAs[0], 'at://alice.test')
  assert.equal(data.services.atproto_pds.endpoint, server.url)

  const again = new AtpAgent({ service: server.url })
  await again.login({ identifier: 'alice.test', password: 'correct horse battery' })
  assert.equal(again.session.did, did())
  await again.sessionManager.refreshSession()
  assert.equal((await again.com.atproto.server.getSession()).data.handle, 'alice.test')
})

test('records are written, replaced, deleted and listed', async () => {
  const first = await agent.post({ text: 'first' })
  await agent.post({ text: 'second' })
  await agent.com.atproto.repo.putRecord({ repo: did(), collection: 'app.bsky.actor.profile', rkey: 'self', record: { displayName: 'Alice' } })
  await agent.com.atproto.repo.putRecord({ repo: did(), collection: 'app.bsky.actor.profile', rkey: 'self', record: { displayName: 'Alice 2' } })
  await agent.com.atproto.repo.applyWrites({
    repo: did(),
    writes: Array.from({ length: 30 }, (_, i) => ({ $type: 'com.atproto.repo.applyWrites#create', collection, value: post(`batch ${i}`) })),
  })
  await agent.deletePost(first.uri)

  const { data } = await agent.com.atproto.repo.listRecords({ repo: 'alice.test', collection, limit: 100 })
  assert.equal(data.records.length, 31)
  const { data: profile } = await agent.com.atproto.repo.getRecord({ repo: did(), collection: 'app.bsky.actor.profile', rkey: 'self' })
  assert.equal(profile.value.displayName, 'Alice 2')
  await assert.rejects(agent.com.atproto.repo.getRecord({ repo: did(), collection, rkey: first.uri.split('/').pop() }), { error: 'RecordNotFound' })
})

test('the export verifies, and so does the proof of every record', async () => {
  const { data: car } = await agent.com.atproto.sync.getRepo({ did: did() })
  const { creates } = await verifyRepoCar(car, did(), signingKey)

  assert.equal(creates.length, 32)
  const { root } = await readCarWithRoot(car)
  assert.equal(String(root), (await agent.com.atproto.sync.getLatestCommit({ did: did() })).data.cid)
  for (const { collection, rkey, cid } of creates) {
    const { data: proof } = await agent.com.atproto.sync.getRecord({ did: did(), collection, rkey })
    const { verified } = await verifyProofs(proof, [{ collection, rkey, cid: parseCid(String(cid)) }], did(), signingKey)
    assert.equal(verified.length, 1, `${collection}/${rkey}`)
  }
  const { data: absence } = await agent.com.atproto.sync.getRecord({ did: did(), collection, rkey: 'nothing' })
  const { verified } = await verifyProofs(absence, [{ collection, rkey: 'nothing', cid: null }], did(), signingKey)
  assert.equal(verified.length, 1, 'absence')
})

test('every commit of the firehose verifies and inverts to the one before it', async () => {
  const stream = await subscribe(server.url, 0)
  const { data: head } = await agent.com.atproto.sync.getLatestCommit({ did: did() })
  await stream.until((frames) => frames.some(({ body }) => body.rev === head.rev && body.ops), 'head commit')
  stream.close()

  const mine = stream.of(did())
  assert.deepEqual(mine.slice(0, 4).map(({ header }) => header.t), ['#identity', '#account', '#commit', '#sync'])
  let previous
  for (const { header, body } of mine) {
    if (header.t === '#commit') previous = await checkCommit(body, signingKey, previous)
  }
  assert.equal(previous.rev, head.rev)
  const seqs = stream.frames.map(({ body }) => body.seq)
  assert.deepEqual(seqs, seqs.map((_, i) => seqs[0] + i), 'sequence numbers without gaps')
})

test('a clean stop loses nothing', async () => {
  const { data: before } = await agent.com.atproto.sync.getLatestCommit({ did: did() })
  assert.equal(await server.terminate(), 0, server.output())
  await server.start()

  const { data: after } = await agent.com.atproto.sync.getLatestCommit({ did: did() })
  assert.deepEqual(after, before)
  await agent.post({ text: 'after the restart' })
  const { data: car } = await agent.com.atproto.sync.getRepo({ did: did() })
  assert.equal((await verifyRepoCar(car, did(), signingKey)).creates.length, 33)
})
