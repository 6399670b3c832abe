// Writing and reading records.
import { cycle, get, shuffle } from '../lib/bench.mjs'
import { nextTid } from '../lib/numbers.mjs'

const FEED = 'collection=app.bsky.feed.post'

/** The repository that grows through the sizes. */
const grown = async (bench, size) => bench.grow((bench.large ??= await bench.createAccount('large')), size)

const atSize = (size) => async (bench) => {
  const account = await grown(bench, size)
  const next = () => {
    const key = nextTid()
    account.keys.push(key)
    return bench.create(account, key)
  }
  await bench.throughput(`createRecord, repository of ${size / 1000} k`, 'record', { connections: 1, next })
}

export const recordScenarios = {
  async createRecordOne(bench) {
    const [account] = await bench.need(1)
    await bench.throughput('createRecord, one account', 'record', { connections: 1, next: () => bench.create(account, nextTid()) })
  },

  async createRecordMany(bench) {
    const accounts = await bench.need(64)
    await bench.throughput('createRecord, 64 accounts, 32 connections', 'record', { connections: 32, next: (i) => bench.create(accounts[i % 64], nextTid()) })
  },

  async putDelete(bench) {
    const [, account] = await bench.need(2)
    const keys = []
    const next = (i) => {
      if (i % 3 === 0) keys.push(nextTid())
      // Deletions trail behind, so that they find what they delete.
      return i % 3 === 2 && keys.length > 32 ? bench.delete(account, keys.shift()) : bench.put(account, keys[keys.length - 1])
    }
    await bench.throughput('putRecord, deleteRecord', 'write', { connections: 4, next })
  },

  async applyWrites(bench) {
    const [, , account] = await bench.need(3)
    const next = () => bench.batch(account, Array.from({ length: 200 }, nextTid))
    await bench.throughput('applyWrites of 200', 'record', { connections: 1, perRequest: 200, next })
  },

  at1k: atSize(1000),
  at10k: atSize(10_000),

  async getRecord(bench) {
    const account = await grown(bench, 10_000)
    const next = shuffle(account.keys.map((key) => get('com.atproto.repo.getRecord', `repo=${account.did}&${FEED}&rkey=${key}`)))
    await bench.throughput('getRecord', 'request', { connections: 16, next })
  },

  async listRecords(bench) {
    const account = await grown(bench, 10_000)
    const pages = account.keys.filter((_, i) => i % 97 === 1).map((key) => get('com.atproto.repo.listRecords', `repo=${account.did}&${FEED}&limit=100&cursor=${key}`))
    await bench.throughput('listRecords, 100', 'request', { connections: 16, next: shuffle(pages) })
  },

  at100k: atSize(100_000),
}
