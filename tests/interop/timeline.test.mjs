// The official client reads a timeline through this server from an AppView that is behind, and sees what it wrote a moment ago.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, beforeEach, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { AtpAgent } from '@atproto/api'
import { verifyJwt } from '@atproto/xrpc-server'
import { startServer } from './lib/server.mjs'

const bob = { did: 'did:web:bob.example.com', handle: 'bob.example.com', displayName: 'Bob' }
const bobsPost = {
  uri: `at://${bob.did}/app.bsky.feed.post/3kaaaaaaaaa2b`,
  cid: 'bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm',
  author: bob,
  record: { $type: 'app.bsky.feed.post', text: 'from Bob', createdAt: '2024-01-01T00:00:00.000Z' },
  indexedAt: '2024-01-01T00:00:00.000Z',
  likeCount: 7,
}
// Not as any serializer would write it, so that a body that was parsed and written again shows.
const spaced = (value) => JSON.stringify(value, null, 1).replaceAll(': ', ' :  ')

let server
let agent
let view
const did = () => agent.session.did
const headRev = async () => (await agent.com.atproto.sync.getLatestCommit({ did: did() })).data.rev

before(async () => {
  view = await startAppView()
  server = await startServer({ settings: { PDS_BSKY_APP_VIEW_URL: view.url, PDS_BSKY_APP_VIEW_DID: view.did } })
  view.directory = server.plcUrl
  agent = new AtpAgent({ service: server.url })
  await agent.createAccount({ handle: 'reader.test', email: 'reader@example.com', password: 'correct horse battery' })
  await agent.upsertProfile(() => ({ displayName: 'Reader' }))
})
after(async () => {
  await server?.stop()
  view?.stop()
})
beforeEach(async () => {
  view.seen.length = 0
  view.coding = 'identity'
  view.rev = await headRev() // the AppView is up to date when a test begins
})

test('every call reaches the AppView with a token of the account for that one method', async () => {
  view.answers['app.bsky.feed.getTimeline'] = { feed: [{ post: bobsPost }] }
  view.answers['app.bsky.feed.searchPosts'] = { posts: [] }

  const { data } = await agent.getTimeline({ limit: 30, cursor: 'a b' })
  const { data: found } = await agent.app.bsky.feed.searchPosts({ q: 'ä' })

  assert.equal(data.feed[0].post.uri, bobsPost.uri)
  assert.deepEqual(found.posts, [])
  assert.deepEqual(view.seen.map(({ path }) => path), ['/xrpc/app.bsky.feed.getTimeline?limit=30&cursor=a+b', '/xrpc/app.bsky.feed.searchPosts?q=%C3%A4'])
  for (const { token, method } of view.seen) {
    assert.deepEqual([token.iss, token.aud, token.lxm], [did(), view.did, method])
    assert.ok(token.exp - Date.now() / 1000 <= 61)
  }
  await assert.rejects(new AtpAgent({ service: server.url }).getTimeline(), { error: 'AuthMissing' })
})

for (const coding of ['identity', 'gzip', 'br']) {
  test(`without news of one's own the answer is the AppView's, byte for byte (${coding})`, async () => {
    view.coding = coding
    view.answers['app.bsky.feed.getTimeline'] = { feed: [{ post: bobsPost }], cursor: 'next' }

    const answer = await fetch(`${server.url}/xrpc/app.bsky.feed.getTimeline`, { headers: { authorization: `Bearer ${agent.session.accessJwt}`, 'accept-encoding': 'gzip, br' } })

    assert.equal(await answer.text(), spaced(view.answers['app.bsky.feed.getTimeline']))
    assert.equal(answer.headers.get('atproto-repo-rev'), view.rev)
    assert.equal(answer.headers.get('atproto-upstream-lag'), null)
  })

  test(`a new post stands in the timeline where it belongs (${coding})`, async () => {
    view.coding = coding
    view.answers['app.bsky.feed.getTimeline'] = { feed: [{ post: bobsPost }] }

    const mine = await agent.post({ text: `just now (${coding})` })
    const { data, headers } = await agent.getTimeline()

    assert.deepEqual(data.feed.map(({ post }) => post.uri), [mine.uri, bobsPost.uri])
    assert.deepEqual([data.feed[0].post.cid, data.feed[0].post.record.text, data.feed[0].post.author.handle], [mine.cid, `just now (${coding})`, 'reader.test'])
    assert.equal(headers['atproto-repo-rev'], view.rev)
    assert.ok(Number(headers['atproto-upstream-lag']) >= 0)
  })
}

test('a new post stands in the own feed, under the changed profile', async () => {
  const author = { did: did(), handle: 'reader.test', displayName: 'Reader' }
  const old = { ...bobsPost, uri: `at://${did()}/app.bsky.feed.post/3kaaaaaaaaa2b`, author }
  view.answers['app.bsky.feed.getAuthorFeed'] = { feed: [{ post: old }] }
  view.answers['app.bsky.actor.getProfile'] = { ...author, followersCount: 3 }
  view.answers['app.bsky.actor.getProfiles'] = { profiles: [bob, author] }

  await agent.upsertProfile((profile) => ({ ...profile, displayName: 'Reader the Second' }))
  const mine = await agent.post({ text: 'on my own page' })

  const { data: feed } = await agent.getAuthorFeed({ actor: did() })
  const { data: profile } = await agent.getProfile({ actor: did() })
  const { data: profiles } = await agent.getProfiles({ actors: [bob.did, did()] })
  assert.deepEqual(feed.feed.map(({ post }) => [post.uri, post.author.displayName]), [[mine.uri, 'Reader the Second'], [old.uri, 'Reader the Second']])
  assert.deepEqual([profile.displayName, profile.followersCount], ['Reader the Second', 3])
  assert.deepEqual(profiles.profiles.map(({ displayName }) => displayName), ['Bob', 'Reader the Second'])
})

test('a new reply to somebody else stands in the thread', async () => {
  const ref = { uri: bobsPost.uri, cid: bobsPost.cid }
  view.answers['app.bsky.feed.getPostThread'] = { thread: { $type: 'app.bsky.feed.defs#threadViewPost', post: bobsPost, replies: [] } }

  const reply = await agent.post({ text: 'well said', reply: { root: ref, parent: ref } })
  const answer = await agent.post({ text: 'indeed', reply: { root: ref, parent: reply } })

  const { data } = await agent.getPostThread({ uri: bobsPost.uri })
  assert.equal(data.thread.replies[0].post.uri, reply.uri)
  assert.equal(data.thread.replies[0].replies[0].post.uri, answer.uri)
})

test('a post that the AppView does not know yet has its thread all the same', async () => {
  view.answers['app.bsky.feed.getPostThread'] = { status: 400, error: 'NotFound', message: 'Post not found' }

  const mine = await agent.post({ text: 'too new' })

  const { data } = await agent.getPostThread({ uri: mine.uri })
  assert.deepEqual([data.thread.post.uri, data.thread.post.record.text], [mine.uri, 'too new'])
})

test('a feed generator is asked in its own name', async () => {
  const generator = 'did:web:feeds.example.com'
  view.answers['com.atproto.repo.getRecord'] = { uri: `at://${generator}/app.bsky.feed.generator/cats`, value: { $type: 'app.bsky.feed.generator', did: generator } }
  view.answers['app.bsky.feed.getFeed'] = { feed: [{ post: bobsPost }] }

  const { data } = await agent.app.bsky.feed.getFeed({ feed: `at://${generator}/app.bsky.feed.generator/cats` })

  assert.equal(data.feed.length, 1)
  const { token } = view.seen.find(({ method }) => method === 'app.bsky.feed.getFeed')
  assert.deepEqual([token.aud, token.lxm], [generator, 'app.bsky.feed.getFeedSkeleton'])
})

test('other services are reached by their DID, and labelers are passed on', async () => {
  view.answers['chat.bsky.convo.listConvos'] = { convos: [] }
  const chat = agent.withProxy('bsky_chat', view.did)
  chat.configureLabelers(['did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'])

  await chat.chat.bsky.convo.listConvos()

  const [{ token, headers }] = view.seen
  assert.deepEqual([token.iss, token.lxm], [did(), 'chat.bsky.convo.listConvos'])
  assert.match(headers['atproto-accept-labelers'], /did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/)
  assert.equal(headers['atproto-proxy'], undefined)
})

/** Answers what it is told to, and takes no token that the issuer's DID document does not vouch for. */
async function startAppView() {
  const self = { answers: {}, seen: [], rev: undefined, coding: 'identity', directory: undefined }
  const codings = { identity: (body) => body, gzip: gzipSync, br: brotliCompressSync }
  const keyOf = async (issuer) => {
    const document = await (await fetch(`${self.directory}/${issuer}`)).json()
    return `did:key:${document.verificationMethod.find(({ id }) => id.endsWith('#atproto')).publicKeyMultibase}`
  }
  const http = createServer(async (request, response) => {
    const method = request.url.split(/[/?]/)[2]
    if (request.url === '/.well-known/did.json') {
      const service = (id, type) => ({ id, type, serviceEndpoint: self.url })
      return response.end(JSON.stringify({ id: self.did, service: [service('#bsky_appview', 'BskyAppView'), service('#bsky_chat', 'BskyChatService')] }))
    }
    const { status = 200, ...body } = self.answers[method] ?? {}
    let token
    if (method !== 'com.atproto.repo.getRecord') {
      const audience = method === 'app.bsky.feed.getFeed' ? null : self.did
      const lxm = method === 'app.bsky.feed.getFeed' ? 'app.bsky.feed.getFeedSkeleton' : method
      try {
        token = await verifyJwt(request.headers.authorization.slice('Bearer '.length), audience, lxm, keyOf)
      } catch (error) {
        response.writeHead(401, { 'content-type': 'application/json' })
        return response.end(JSON.stringify({ error: 'BadJwt', message: String(error) }))
      }
    }
    self.seen.push({ method, path: request.url, headers: request.headers, token })
    const bytes = codings[self.coding](Buffer.from(spaced(body)))
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytes.length,
      ...(self.coding === 'identity' ? {} : { 'content-encoding': self.coding }),
      ...(self.rev ? { 'atproto-repo-rev': self.rev } : {}),
    })
    response.end(bytes)
  })
  await new Promise((done) => http.listen(0, '127.0.0.1', done))
  const { port } = http.address()
  self.url = `http://localhost:${port}`
  self.did = `did:web:localhost%3A${port}`
  self.stop = () => http.close() && http.closeAllConnections()
  return self
}
