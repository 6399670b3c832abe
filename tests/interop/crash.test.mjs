// The process is killed again and again while several accounts write in parallel. Whatever was acknowledged must be there
// afterwards, the firehose must tell the same story as the repositories, and these must verify.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AtpAgent } from '@atproto/api'
import { Client as PlcClient } from '@did-plc/lib'
import { verifyRepoCar } from '@atproto/repo'
import { checkCommit, subscribe } from './lib/firehose.mjs'
import { startServer } from './lib/server.mjs'

const kills = Number(process.env.PDS_CRASHES ?? 50)
const writers = 6
const collection = 'com.example.thing'
let server
let accounts

before(async () => {
  server = await startServer()
  accounts = await Promise.all(
    Array.from({ length: writers }, async (_, i) => {
      const agent = new AtpAgent({ service: server.url })
      await agent.createAccount({ handle: `crash-${i}.test`, email: `crash-${i}@example.com`, password: 'correct horse battery' })
      const { verificationMethods } = await new PlcClient(server.plcUrl).getDocumentData(agent.session.did)
      return { did: agent.session.did, token: agent.session.accessJwt, key: verificationMethods.atproto, live: new Map(), unsure: new Set(), rev: '', n: 0 }
    }),
  )
})
after(() => server?.stop())

// One write after the other until the server is gone. The one in flight at that moment may or may not have been kept.
async function writeUntilKilled(account, state) {
  while (!state.over) {
    const rkey = `k${(account.n * 7) % 40}`
    const remove = account.live.has(rkey) && account.n % 3 === 0
    const method = remove ? 'deleteRecord' : 'putRecord'
    const record = { $type: collection, n: account.n++ }
    account.unsure.add(rkey)
    try {
      const answer = await fetch(`${server.url}/xrpc/com.atproto.repo.${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${account.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ repo: account.did, collection, rkey, ...(remove ? {} : { record }) }),
      })
      const body = await answer.json()
      assert.equal(answer.status, 200, JSON.stringify(body))
      if (body.commit) {
        assert.ok(body.commit.rev > account.rev, 'revisions increase')
        account.rev = body.commit.rev
      }
      account.unsure.delete(rkey)
      state.acknowledged++
      if (state.acknowledged === state.enough) state.reached()
      if (remove) account.live.delete(rkey)
      else account.live.set(rkey, body.cid)
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      return
    }
  }
}

async function checkAccount(account) {
  const answer = await fetch(`${server.url}/xrpc/com.atproto.sync.getRepo?did=${account.did}`)
  const { creates, commit } = await verifyRepoCar(new Uint8Array(await answer.arrayBuffer()), account.did, account.key)
  assert.ok(commit.rev >= account.rev, 'the last acknowledged revision is there')
  const found = new Map(creates.map(({ rkey, cid }) => [rkey, String(cid)]))
  for (const rkey of new Set([...found.keys(), ...account.live.keys()])) {
    if (!account.unsure.has(rkey)) assert.equal(found.get(rkey), account.live.get(rkey), `${account.did}/${rkey}`)
  }
  account.live = found
  account.unsure.clear()
  account.rev = commit.rev
  return commit
}

test(`nothing acknowledged is lost when the process is killed ${kills} times during writes`, async (t) => {
  let acknowledged = 0
  for (let round = 0; round < kills; round++) {
    // Killed a random moment after a random number of answers: anywhere within the writes that are then under way.
    const state = { over: false, acknowledged: 0, enough: 1 + Math.floor(Math.random() * 120) }
    const reached = new Promise((done) => (state.reached = done))
    const writing = accounts.map((account) => writeUntilKilled(account, state))
    await Promise.race([reached, Promise.all(writing)])
    await new Promise((done) => setTimeout(done, Math.random() * 5))
    await server.kill()
    state.over = true
    await Promise.all(writing)
    await server.start()
    for (const account of accounts) await checkAccount(account)
    acknowledged += state.acknowledged
  }
  t.diagnostic(`${acknowledged} acknowledged writes over ${kills} crashes`)
})

test('the firehose tells the whole story of every repository, in order', async () => {
  const heads = new Map()
  for (const account of accounts) heads.set(account.did, await checkAccount(account))
  const stream = await subscribe(server.url, 0)
  await stream.until((frames) => [...heads].every(([did, head]) => frames.some(({ body }) => body.repo === did && body.rev === head.rev)), 'head commits')
  stream.close()

  const seqs = stream.frames.map(({ body }) => body.seq)
  for (let i = 1; i < seqs.length; i++) assert.equal(seqs[i], seqs[i - 1] + 1, 'sequence numbers without gaps')
  for (const account of accounts) {
    let previous
    for (const { header, body } of stream.of(account.did)) {
      if (header.t === '#commit') previous = await checkCommit(body, account.key, previous)
    }
    assert.equal(previous.rev, heads.get(account.did).rev, 'the last commit of the stream is the head')
  }
})
