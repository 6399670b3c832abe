// An account moves between this server and the reference server, in both directions, as a client would move it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AtpAgent } from '@atproto/api'
import { Client as PlcClient } from '@did-plc/lib'
import { parseCid } from '@atproto/lex-data'
import { decode } from '@atproto/lex-cbor'
import { readCarWithRoot, verifyRepoCar } from '@atproto/repo'
import { checkCommit, subscribe } from './lib/firehose.mjs'
import { startMailServer } from './lib/mail.mjs'
import { missing, startDirectory, startReference } from './lib/reference.mjs'
import { startServer } from './lib/server.mjs'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const preferences = [
  { $type: 'app.bsky.actor.defs#adultContentPref', enabled: true },
  { $type: 'app.bsky.actor.defs#savedFeedsPrefV2', items: [{ id: '3k', type: 'timeline', value: 'following', pinned: true }] },
]
const many = Array.from({ length: 150 }, (_, i) => ({
  $type: 'com.atproto.repo.applyWrites#create',
  collection: 'com.example.many',
  rkey: `key-${i}`,
  value: { $type: 'com.example.many', i },
}))

let plc
let mail
let ours
let reference

before(async () => {
  if (missing) return
  plc = await startDirectory()
  mail = await startMailServer()
  const shared = { PDS_DID_PLC_URL: plc.url, PDS_EMAIL_SMTP_URL: mail.url, PDS_EMAIL_FROM_ADDRESS: 'pds@interop.example', PDS_BSKY_APP_VIEW_URL: 'http://localhost:9', PDS_BSKY_APP_VIEW_DID: 'did:web:localhost' }
  ours = await startServer({ settings: { ...shared, PDS_SERVICE_DID: 'did:web:this-server.example.com' } })
  reference = await startReference(shared)
})
after(async () => {
  await Promise.all([ours?.stop(), reference?.stop(), plc?.stop()])
  mail?.stop()
})

for (const [direction, name] of [['from the reference server to this one', 'mover-in'], ['from this server to the reference server', 'mover-out']]) {
  describe(direction, { skip: missing }, () => {
    const email = `${name}@example.com`
    let from, to, oldAgent, newAgent, did, oldStream, newStream, oldTree, wanted
    const blobs = new Map()
    const head = async () => (await newAgent.com.atproto.sync.getLatestCommit({ did })).data

    before(() => {
      ;[from, to] = name === 'mover-in' ? [reference, ours] : [ours, reference]
    })
    after(() => {
      oldStream?.close()
      newStream?.close()
    })

    test('somebody lives at the old home', async () => {
      oldAgent = new AtpAgent({ service: from.url })
      await oldAgent.createAccount({ handle: `${name}.test`, email, password: 'old home password' })
      did = oldAgent.session.did
      for (const [content, type] of [[png, 'image/png'], [Buffer.from(`a file of ${name}`), 'text/plain']]) {
        const { data } = await oldAgent.uploadBlob(content, { encoding: type })
        blobs.set(data.blob.ref.toString(), content)
        await oldAgent.com.atproto.repo.createRecord({ repo: did, collection: 'com.example.file', record: { $type: 'com.example.file', file: data.blob } })
      }
      const post = await oldAgent.post({ text: 'before the move' })
      await oldAgent.like(post.uri, post.cid)
      await oldAgent.com.atproto.repo.applyWrites({ repo: did, writes: many })
      await oldAgent.deletePost((await oldAgent.post({ text: 'gone' })).uri)
      await oldAgent.app.bsky.actor.putPreferences({ preferences })

      const { data: car } = await oldAgent.com.atproto.sync.getRepo({ did })
      oldTree = String(await treeOf(car))
    })

    test('the new home takes repository, blobs and preferences in, and is silent', async () => {
      oldStream = await subscribe(from.url)
      newStream = await subscribe(to.url)
      newAgent = new AtpAgent({ service: to.url })
      const { data: description } = await newAgent.com.atproto.server.describeServer()
      const { data: auth } = await oldAgent.com.atproto.server.getServiceAuth({ aud: description.did, lxm: 'com.atproto.server.createAccount' })
      await newAgent.com.atproto.server.createAccount(
        { handle: `${name}.test`, email, password: 'new home password', did },
        { headers: { authorization: `Bearer ${auth.token}` }, encoding: 'application/json' },
      )
      await newAgent.login({ identifier: did, password: 'new home password' })
      newAgent.sessionManager.pdsUrl = undefined // the DID document in the session names the old home still

      const { data: car } = await oldAgent.com.atproto.sync.getRepo({ did })
      await newAgent.com.atproto.repo.importRepo(car, { encoding: 'application/vnd.ipld.car' })
      const { data: missed } = await newAgent.com.atproto.repo.listMissingBlobs()
      assert.deepEqual(missed.blobs.map(({ cid }) => cid).sort(), [...blobs.keys()].sort())
      for (const { cid } of missed.blobs) {
        const blob = await oldAgent.com.atproto.sync.getBlob({ did, cid })
        await newAgent.com.atproto.repo.uploadBlob(blob.data, { encoding: blob.headers['content-type'] })
      }
      await newAgent.app.bsky.actor.putPreferences((await oldAgent.app.bsky.actor.getPreferences()).data)

      const { data: status } = await newAgent.com.atproto.server.checkAccountStatus()
      assert.deepEqual([status.activated, status.validDid, status.indexedRecords, status.expectedBlobs, status.importedBlobs], [false, false, 154, 2, 2])
      assert.equal(await errorOfWriting(to, newAgent.session), 'AccountDeactivated')
      await assert.rejects(newAgent.com.atproto.server.activateAccount(), { status: 400 })
      assert.deepEqual(newStream.of(did), [])
    })

    test('the identity moves, the new home opens, the old one closes', async () => {
      const mails = mail.count()
      await oldAgent.com.atproto.identity.requestPlcOperationSignature()
      const token = await mail.code(email, mails)
      wanted = (await newAgent.com.atproto.identity.getRecommendedDidCredentials()).data
      const { data: signed } = await oldAgent.com.atproto.identity.signPlcOperation({ token, ...wanted })
      await newAgent.com.atproto.identity.submitPlcOperation({ operation: signed.operation })
      const { data: status } = await newAgent.com.atproto.server.checkAccountStatus()
      assert.deepEqual([status.activated, status.validDid], [false, true])
      await newAgent.com.atproto.server.activateAccount()
      await oldAgent.com.atproto.server.deactivateAccount({})

      const data = await new PlcClient(plc.url).getDocumentData(did)
      assert.equal(data.services.atproto_pds.endpoint, to.url)
      assert.deepEqual(data.verificationMethods, wanted.verificationMethods)
      assert.deepEqual(data.alsoKnownAs, [`at://${name}.test`])
    })

    test('relays hear of it in order, from both homes', async () => {
      await newStream.until(() => newStream.of(did).some(({ header }) => header.t === '#sync'), '#sync of the new home')
      await oldStream.until(() => oldStream.of(did).some(({ body }) => body.status === 'deactivated'), '#account of the old home')

      const told = newStream.of(did)
      assert.deepEqual(told.map(({ header }) => header.t), ['#identity', '#account', '#identity', '#sync'])
      assert.deepEqual([told[1].body.active, told[1].body.status], [true, undefined])
      assert.equal(told[2].body.handle, `${name}.test`)
      assert.equal(told[3].body.rev, (await head()).rev)
      const last = oldStream.of(did).at(-1)
      assert.deepEqual([last.header.t, last.body.active, last.body.status], ['#account', false, 'deactivated'])
    })

    test('nothing is lost on the way', async () => {
      const { data: car } = await newAgent.com.atproto.sync.getRepo({ did })
      assert.equal(String(await treeOf(car)), oldTree)
      for (const [cid, content] of blobs) {
        const { data } = await newAgent.com.atproto.sync.getBlob({ did, cid })
        assert.deepEqual(Buffer.from(data), content)
      }
      assert.deepEqual((await newAgent.app.bsky.actor.getPreferences()).data.preferences, preferences)
      const again = new AtpAgent({ service: to.url })
      await again.login({ identifier: `${name}.test`, password: 'new home password' })
      assert.equal(again.session.did, did)
      const { data: described } = await again.com.atproto.repo.describeRepo({ repo: did })
      assert.equal(described.handleIsCorrect, true)
    })

    test('life goes on at the new home, and not at the old one', async () => {
      const { data: before } = await newAgent.com.atproto.sync.getRepo({ did })
      const { root, blocks } = await readCarWithRoot(before)
      const previous = decode(blocks.get(root))
      await newAgent.post({ text: 'after the move' })
      const { rev } = await head()
      await newStream.until(() => newStream.of(did).some(({ body }) => body.rev === rev && body.ops), 'commit')

      const commit = newStream.of(did).find(({ body }) => body.rev === rev && body.ops)
      const key = wanted.verificationMethods.atproto
      await checkCommit(commit.body, key, { rev: previous.rev, data: parseCid(String(previous.data)) })
      const { data: car } = await newAgent.com.atproto.sync.getRepo({ did })
      assert.equal((await verifyRepoCar(car, did, key)).creates.length, 155)
      assert.equal(await errorOfWriting(from, oldAgent.session), 'AccountDeactivated')
      await assert.rejects(oldAgent.com.atproto.server.activateAccount(), { status: 400 })
      await assert.rejects(new AtpAgent({ service: from.url }).com.atproto.sync.getRepo({ did }), { error: 'RepoDeactivated' })
    })
  })
}

async function treeOf(car) {
  const { root, blocks } = await readCarWithRoot(car)
  return decode(blocks.get(root)).data
}

// Without the client: on 401 it looks into the DID document again and goes to the other home.
async function errorOfWriting(server, { did, accessJwt }) {
  const answer = await fetch(`${server.url}/xrpc/com.atproto.repo.createRecord`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessJwt}`, 'content-type': 'application/json' },
    body: JSON.stringify({ repo: did, collection: 'com.example.note', record: { $type: 'com.example.note' } }),
  })
  return (await answer.json()).error
}
