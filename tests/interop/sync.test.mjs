// Consumers of the event streams as people run them: the official firehose consumer, which checks every commit, and a Jetstream client, unchanged.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AtpAgent } from '@atproto/api'
import { IdResolver, MemoryCache } from '@atproto/identity'
import { Firehose, MemoryRunner } from '@atproto/sync'
import { Jetstream } from '@skyware/jetstream'
import WebSocket from 'ws'
import { startServer } from './lib/server.mjs'

const collection = 'app.bsky.feed.post'
let server
let agent
const did = () => agent.session.did

before(async () => {
  server = await startServer()
  agent = new AtpAgent({ service: server.url })
  await agent.createAccount({ handle: 'sylvia.test', email: 'sylvia@example.com', password: 'correct horse battery' })
})
after(() => server?.stop())

/** What comes in, and a promise of the moment at which it is enough. */
const collect = () => {
  const events = []
  const waiting = []
  return {
    events,
    add(event) {
      events.push(event)
      for (const { condition, done } of waiting) if (condition(events)) done()
    },
    until: (condition, what) =>
      new Promise((done, fail) => {
        const patience = setTimeout(() => fail(new Error(`no ${what} within 30 s; there are ${JSON.stringify(events.map((event) => event.event ?? event))}`)), 30_000)
        waiting.push({ condition, done: () => (clearTimeout(patience), done()) })
        if (condition(events)) waiting.at(-1).done()
      }),
  }
}

/** The official resolver; the development server's directory lies in a folder, where it does not look, and no name server knows the handles. */
const makeResolver = () => {
  const resolver = new IdResolver({ plcUrl: server.plcUrl, didCache: new MemoryCache() })
  resolver.did.resolveNoCheck = async (did) => (await fetch(`${server.plcUrl}/${did}`)).json()
  resolver.handle.resolve = async (handle) => (await agent.resolveHandle({ handle })).data.did
  return resolver
}

test('@atproto/sync follows the firehose from the beginning, checks it, and takes up where it left', async (t) => {
  const runner = new MemoryRunner({ startCursor: 0 })
  const errors = []
  const follow = (seen) => {
    const firehose = new Firehose({
      service: server.url.replace(/^http/, 'ws'),
      runner,
      idResolver: makeResolver(),
      handleEvent: seen.add,
      onError: (error) => errors.push(error.cause ?? error),
    })
    firehose.start()
    t.after(() => firehose.destroy())
    return firehose
  }
  const first = collect()
  let firehose = follow(first)

  const post = await agent.post({ text: 'first' })
  const kept = await agent.post({ text: 'kept' })
  const changed = { $type: collection, text: 'kept, changed', createdAt: new Date().toISOString() }
  await agent.com.atproto.repo.putRecord({ repo: did(), collection, rkey: kept.uri.split('/').pop(), record: changed })
  await agent.deletePost(post.uri)
  await first.until((events) => events.some(({ event }) => event === 'delete'), 'deletion')
  await firehose.destroy()
  const second = collect()
  firehose = follow(second)
  await agent.post({ text: 'second' })
  await second.until((events) => events.some(({ record }) => record?.text === 'second'), 'second post')
  await firehose.destroy()

  assert.deepEqual(errors, [])
  const mine = first.events.filter((event) => event.did === did())
  assert.deepEqual(mine.map(({ event }) => event), ['identity', 'account', 'sync', 'create', 'create', 'update', 'delete'])
  assert.equal(mine[0].handle, 'sylvia.test')
  assert.equal(mine[5].record.text, 'kept, changed')
  assert.equal(String(mine[3].cid), post.cid)
  assert.ok(second.events.every(({ seq }) => seq > mine.at(-1).seq), 'nothing comes twice')
})

test('@skyware/jetstream hears creations, updates, deletions, identities and accounts', async (t) => {
  const heard = collect()
  const jetstream = new Jetstream({ ws: WebSocket, endpoint: `${server.url.replace(/^http/, 'ws')}/subscribe`, wantedCollections: [collection, 'app.bsky.actor.profile'] })
  jetstream.onCreate(collection, ({ did, commit }) => heard.add({ event: 'create', did, commit }))
  jetstream.onUpdate('app.bsky.actor.profile', ({ did, commit }) => heard.add({ event: 'update', did, commit }))
  jetstream.onDelete(collection, ({ did, commit }) => heard.add({ event: 'delete', did, commit }))
  jetstream.on('identity', ({ identity }) => heard.add({ event: 'identity', ...identity }))
  jetstream.on('account', ({ account }) => heard.add({ event: 'account', ...account }))
  t.after(() => jetstream.close())
  const opened = new Promise((done) => jetstream.on('open', done))
  jetstream.start()
  await opened

  const post = await agent.post({ text: 'for the JSON stream' })
  await agent.com.atproto.repo.createRecord({ repo: did(), collection: 'com.example.unwanted', record: { $type: 'com.example.unwanted' } })
  for (const displayName of ['A', 'B']) await agent.com.atproto.repo.putRecord({ repo: did(), collection: 'app.bsky.actor.profile', rkey: 'self', record: { displayName } })
  await agent.deletePost(post.uri)
  const other = new AtpAgent({ service: server.url })
  await other.createAccount({ handle: 'other.test', email: 'other@example.com', password: 'correct horse battery' })
  await heard.until((events) => events.some(({ event, did }) => event === 'account' && did === other.session.did), 'account')
  const { cursor } = jetstream
  jetstream.close()

  const mine = heard.events.filter((event) => event.did === did())
  assert.deepEqual(mine.map(({ event }) => event), ['create', 'update', 'delete'])
  assert.deepEqual([mine[0].commit.rkey, mine[0].commit.cid, mine[0].commit.record.text], [post.uri.split('/').pop(), post.cid, 'for the JSON stream'])
  assert.equal(mine[1].commit.record.displayName, 'B')
  assert.deepEqual(heard.events.filter(({ event }) => event === 'identity').map(({ handle }) => handle), ['other.test'])
  assert.equal(heard.events.find(({ event }) => event === 'account').active, true)

  const again = collect()
  const resumed = new Jetstream({ ws: WebSocket, endpoint: `${server.url.replace(/^http/, 'ws')}/subscribe`, wantedCollections: [collection], cursor })
  resumed.onCreate(collection, ({ commit }) => again.add(commit.record.text))
  t.after(() => resumed.close())
  resumed.start()
  await agent.post({ text: 'after the break' })
  await again.until((events) => events.length > 0, 'post')
  resumed.close()
  assert.deepEqual(again.events, ['after the break'])
})
