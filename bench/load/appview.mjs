// Stands in for an AppView: answers everything with the same timeline of fifty posts. node appview.mjs PORT
import { createServer } from 'node:http'

const post = (i) => ({
  post: {
    uri: `at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3kaaaaaaaa${String(i).padStart(3, '2')}`,
    cid: 'bafyreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    author: { did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', handle: 'somebody.test', displayName: 'Somebody', avatar: 'https://cdn.example.com/avatar.jpg' },
    record: { $type: 'app.bsky.feed.post', text: 'a post of ordinary length, as one sees them on any day '.repeat(3), createdAt: '2026-01-01T00:00:00.000Z' },
    replyCount: i, repostCount: i, likeCount: i, indexedAt: '2026-01-01T00:00:00.000Z', labels: [], viewer: {},
  },
})
const timeline = Buffer.from(JSON.stringify({ cursor: 'next', feed: Array.from({ length: 50 }, (_, i) => post(i)) }))

createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': timeline.length })
  response.end(timeline)
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'))
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(signal, () => process.exit(0))
