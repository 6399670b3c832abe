// A subscriber that keeps every frame, and the checks that a relay makes on a #commit.
import assert from 'node:assert/strict'
import { MST, MemoryBlockstore, readCarWithRoot, verifyCommitSig } from '@atproto/repo'
import { decode } from '@atproto/lex-cbor'
import { Frame } from '@atproto/xrpc-server'
import WebSocket from 'ws'

export const emptyTree = 'bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm'

export async function subscribe(url, cursor) {
  const query = cursor === undefined ? '' : `?cursor=${cursor}`
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/xrpc/com.atproto.sync.subscribeRepos${query}`)
  const frames = []
  socket.on('message', (data) => frames.push(Frame.fromBytes(new Uint8Array(data))))
  socket.on('error', () => {})
  await new Promise((opened, failed) => {
    socket.once('open', opened)
    socket.once('error', failed)
  })
  return {
    frames,
    of: (did) => frames.filter(({ body }) => (body.did ?? body.repo) === did),
    async until(condition, what) {
      for (let waited = 0; !condition(frames); waited += 20) {
        assert.ok(waited < 20_000, `no ${what} within 20 s`)
        await new Promise((done) => setTimeout(done, 20))
      }
    },
    close: () => socket.terminate(),
  }
}

/** What sync 1.1 asks of one #commit: signature, chain, and that its operations undone give the tree before it. */
export async function checkCommit(body, signingKey, previous) {
  const { root, blocks } = await readCarWithRoot(body.blocks)
  assert.equal(String(root), String(body.commit))
  const commit = decode(blocks.get(root))
  assert.deepEqual([commit.did, commit.rev, commit.version, commit.prev], [body.repo, body.rev, 3, null])
  assert.ok(await verifyCommitSig(commit, signingKey), 'signature')
  assert.equal(body.since, previous?.rev ?? null, 'since')
  assert.equal(body.prevData ? String(body.prevData) : undefined, previous ? String(previous.data) : undefined, 'prevData')

  const storage = new MemoryBlockstore(blocks)
  let tree = MST.load(storage, commit.data)
  const order = [...body.ops].sort((a, b) => (a.action === 'delete' ? 0 : 1) - (b.action === 'delete' ? 0 : 1))
  for (const op of order) {
    const now = await tree.get(op.path)
    assert.equal(now ? String(now) : null, op.cid ? String(op.cid) : null, `${op.path} in the new tree`)
    if (op.cid) assert.ok(blocks.has(op.cid), `the record of ${op.path}`)
    if (op.action === 'create') tree = await tree.delete(op.path)
    else if (op.action === 'update') tree = await tree.update(op.path, op.prev)
    else tree = await tree.add(op.path, op.prev)
  }
  assert.equal(String(await tree.getPointer()), body.prevData ? String(body.prevData) : emptyTree, 'operations invert to prevData')
  return commit
}
