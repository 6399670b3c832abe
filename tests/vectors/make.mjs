// Writes tests/Pds.UnitTests/Vectors with the official packages: what they judge and compute is what our own code has to agree with.
// PDS_REFERENCE_MODULES names a node_modules folder that holds them (@atproto/syntax, crypto, lex-cbor, lex-json, repo, xrpc-server):
//   PDS_REFERENCE_MODULES=…/node_modules node tests/vectors/make.mjs
import { createRequire } from 'node:module'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const modules = process.env.PDS_REFERENCE_MODULES
if (!modules) throw new Error('Set PDS_REFERENCE_MODULES to a node_modules folder with the official packages.')
const require = createRequire(join(modules, 'x.js'))
const load = async (name) => import(pathToFileURL(require.resolve(name)))
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'Pds.UnitTests', 'Vectors')

const write = (file, text) => {
  mkdirSync(dirname(join(target, file)), { recursive: true })
  writeFileSync(join(target, file), text)
}
const writeJson = (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`)
const base64 = (bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

await syntax()
await dataModel()
await crypto()
await trees()
await frames()

async function syntax() {
  const s = await load('@atproto/syntax')
  const { parseCidSafe } = await load('@atproto/lex-data')
  const accepts = (check) => (text) => {
    try {
      return check(text) !== false
    } catch {
      return false
    }
  }
  const long = (label, count) => Array(count).fill(label).join('.')
  const handles = ['alice.test', 'a.co', 'xn--ls8h.test', '8.cn', 'john-doe.example.com', 'A.ISI.EDU', `${'a'.repeat(63)}.test`, `${'a'.repeat(64)}.test`,
    'alice', '.test', 'alice.', 'alice..test', '-alice.test', 'alice-.test', 'al ice.test', 'al_ice.test', 'jürgen.de', 'alice.123', 'alice.t-', `${long('abcdefgh', 28)}.test`, `${long('abcdefgh', 29)}.test`, 'alice.test/']
  const dids = ['did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'did:web:example.com', 'did:web:localhost%3A3000', 'did:method:val:two', 'did:m:v_._-', 'did:key:zQ3shZc2QzApp2oymGvQbzP8eKheVshBHbU4ZYjeXqwSKEn6N',
    'did', 'did:', 'did:plc', 'did:plc:', 'DID:plc:abc', 'did:PLC:abc', 'did:plc:abc:', 'did:plc:abc%', 'did:plc:a/b', 'did:plc:a#b', 'did:plc:a?b', 'did:m1:abc', ' did:plc:abc', 'did:plc:ab c']
  const nsids = ['com.example.thing', 'a.b.c', 'com.example.thing9', 'net.users-ab.ping', 'com.atproto.repo.createRecord', `com.example.${'a'.repeat(63)}`, `com.example.${'a'.repeat(64)}`, 'one.2.three',
    'com.example', 'com', 'com..thing', 'com.example.', '.com.example.thing', 'com.example.9thing', 'com.example.th-ing', 'com.exa_mple.thing', '1com.example.thing', 'com.example.thing#part', 'com.example.*', 'com.-a.thing']
  const keys = ['self', '3jui7kd54zh2y', 'example.com', '~1.2-3_', 'pre:fix', '_', 'a'.repeat(512), 'a'.repeat(513), '.', '..', '', 'a/b', 'a b', 'a#b', 'a@b', 'a+b', 'ä', 'a%20']
  const tids = ['3jzfcijpj2z2a', '7777777777777', '2222222222222', '3zzzzzzzzzzzz', '', '3jzfcijpj2z2', '3jzfcijpj2z2aa', '3jzfcijpj2z21', '0000000000000', '3JZFCIJPJ2Z2A', 'zzzzzzzzzzzzz', '3jzf-cij-pj2z-2a', 'kjzfcijpj2z2a']
  const uris = ['at://did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'at://alice.test', 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.thing', 'at://alice.test/com.example.thing/self',
    'at://did:web:example.com/com.example.thing/3jzfcijpj2z2a', 'at://', 'at:/alice.test', 'AT://alice.test', 'http://alice.test', 'at://alice', 'at://alice.test/thing',
    'at://alice.test/com.example.thing/a/b', ' at://alice.test', 'at://alice.test//self', 'at://did:plc:/com.example.thing']
  const times = ['1985-04-12T23:20:50.123Z', '1985-04-12T23:20:50Z', '1985-04-12T23:20:50.1234567Z', '1985-04-12T23:20:50.123-07:00', '1985-04-12T23:20:50.123+00:00', '2024-02-29T00:00:00Z',
    '1985-04-12', '1985-04-12T23:20Z', '1985-04-12T23:20:50', '1985-04-12T23:20:50.Z', '1985-04-12 23:20:50Z', '1985-4-12T23:20:50Z', '1985-04-12t23:20:50z', '1985-04-12T23:20:50-00:00', '', '1985-13-12T23:20:50Z', '1985-04-12T25:20:50Z', '1985-04-12T23:20:50+0700']
  const languages = ['de', 'en-US', 'zh-Hant', 'sr-Latn-RS', 'x-private', 'de-DE-u-co-phonebk', 'ast', '', 'd', 'en_US', 'en-', '-en', 'en--US', 'e n', '123', 'DE-']
  const addresses = ['https://example.com', 'https://example.com/a?b#c', 'dns:example.com', 'at://alice.test', 'ftp://example.com/x', '', 'example.com', 'https:', 'https://exa mple.com', ':a', 'https ://x']
  const cids = ['bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku', '', 'bafy', 'not a cid', 'bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabw!', 'zzz']

  const classify = (name, texts, check) => {
    const written = texts.filter((text) => text.length > 0)
    const valid = written.filter(accepts(check))
    const invalid = written.filter((text) => !valid.includes(text))
    if (!valid.length || !invalid.length) throw new Error(`${name} needs both kinds`)
    for (const [kind, list] of Object.entries({ valid, invalid })) {
      write(`syntax/${name}_syntax_${kind}.txt`, `# judged by @atproto/syntax\n${list.join('\n')}\n`)
    }
  }
  classify('handle', handles, s.isValidHandle)
  classify('did', dids, s.ensureValidDid)
  classify('atidentifier', [...handles.slice(0, 12), ...dids.slice(0, 12)], (text) => (text.startsWith('did:') ? s.ensureValidDid(text) : s.isValidHandle(text)))
  classify('nsid', nsids, s.ensureValidNsid)
  classify('recordkey', keys, s.ensureValidRecordKey)
  classify('tid', tids, s.ensureValidTid)
  classify('aturi', uris, s.ensureValidAtUri)
  classify('datetime', times, s.ensureValidDatetime)
  classify('language', languages, s.isValidLanguage ?? s.ensureValidLanguage)
  classify('uri', addresses, s.isValidUri ?? s.ensureValidUri)
  classify('cid', cids, (text) => parseCidSafe(text) != null)
}

async function dataModel() {
  const { encode, cidForLex } = await load('@atproto/lex-cbor')
  const { jsonToLex } = await load('@atproto/lex-json')
  const raw = { $type: 'blob', ref: { $link: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' }, mimeType: 'image/png', size: 10 }
  const documents = [
    {},
    { $type: 'com.example.note', text: 'hello' },
    { b: 1, a: 2, aa: 3, '': 4, ab: 5, B: 6 },
    { big: 9007199254740991, small: -9007199254740991, zero: 0, one: 23, two: 24, three: 255, four: 256, five: 65535, six: 65536, seven: 4294967296, minus: -25 },
    { yes: true, no: false, nothing: null, list: [], map: {}, deep: [[[{ x: [1, 'two', null] }]]] },
    { unicode: 'a~öñ©⽘☎𓋓😀👨‍👩‍👧‍👧', empty: '', zero: '\u0000', mark: '\ufeffx', long: 'x'.repeat(300) },
    { link: { $link: 'bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a' }, bytes: { $bytes: 'nFERjvLLiw9qm45JrqH9QTzyC2Lu1Xb4ne6+sBrCzI0' }, none: { $bytes: '' } },
    { image: raw, images: [raw, { alt: 'x', image: raw }] },
  ]
  const fixtures = []
  for (const json of documents) {
    const value = jsonToLex(json)
    fixtures.push({ json, cbor_base64: base64(encode(value)), cid: (await cidForLex(value)).toString() })
  }
  writeJson('data-model/data-model-fixtures.json', fixtures)
}

async function crypto() {
  const { Secp256k1Keypair, P256Keypair, verifySignature } = await load('@atproto/crypto')
  const { fromString, toString } = await import(pathToFileURL(require.resolve('uint8arrays')))
  // The old form lacks the two bytes that tell the curve.
  const legacyMultibase = (did) => `z${toString(fromString(did.slice('did:key:z'.length), 'base58btc').subarray(2), 'base58btc')}`
  const scalar = (byte) => Buffer.alloc(32, byte).toString('hex')
  const k256 = [], p256 = [], signatures = []
  for (const byte of [1, 7, 0x7f]) {
    const k = await Secp256k1Keypair.import(scalar(byte), { exportable: true })
    const p = await P256Keypair.import(scalar(byte), { exportable: true })
    k256.push({ privateKeyBytesHex: scalar(byte), publicDidKey: k.did() })
    p256.push({ privateKeyBytesBase58: toString(Buffer.from(scalar(byte), 'hex'), 'base58btc'), publicDidKey: p.did() })
    for (const [algorithm, key, order] of [
      ['ES256K', k, 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n],
      ['ES256', p, 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
    ]) {
      const message = Buffer.from(`message ${byte}`)
      const low = Buffer.from(await key.sign(message))
      const s = BigInt(`0x${low.subarray(32).toString('hex')}`)
      const high = Buffer.concat([low.subarray(0, 32), Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')])
      for (const [comment, signature, tags] of [['low S', low, []], ['high S', high, ['high-s']], ['DER', der(low), ['der-encoded']]]) {
        signatures.push({
          comment: `${algorithm} ${byte}: ${comment}`,
          messageBase64: base64(message),
          algorithm,
          publicKeyDid: key.did(),
          publicKeyMultibase: legacyMultibase(key.did()),
          signatureBase64: base64(signature),
          validSignature: await verifySignature(key.did(), message, signature).catch(() => false),
          tags,
        })
      }
    }
  }
  writeJson('crypto/w3c_didkey_K256.json', k256)
  writeJson('crypto/w3c_didkey_P256.json', p256)
  writeJson('crypto/signature-fixtures.json', signatures)
}

async function trees() {
  const { MST, MemoryBlockstore, BlockMap } = await load('@atproto/repo')
  const util = await import(pathToFileURL(join(dirname(require.resolve('@atproto/repo')), 'mst', 'util.js')))
  const { parseCid } = await load('@atproto/lex-data')
  const leaf = 'bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454'
  const value = parseCid(leaf)
  const path = (number) => `com.example.note/k${number}`
  const heights = []
  for (let i = 0; i < 40; i++) heights.push({ key: path(i), height: await util.leadingZerosOnHash(path(i)) })
  writeJson('mst/key_heights.json', heights)
  const pairs = [['', ''], ['abc', 'abc'], ['abc', 'abd'], ['abc', 'ab'], ['', 'abc'], ['coll/a', 'coll/b'], ['coll/1', 'other/1']]
  writeJson('mst/common_prefix.json', pairs.map(([left, right]) => ({ left, right, len: util.countPrefixLen(left, right) })))
  const examples = []
  for (let i = 0; examples.length < 30; i++) {
    const letter = String.fromCharCode(65 + (i % 26))
    const height = await util.leadingZerosOnHash(`${letter}0/${i}`)
    for (let digit = 0; digit < 5; digit++) {
      const key = `${letter}${digit}/${i}`
      if (height >= 0 && (await util.leadingZerosOnHash(key)) === digit) examples.push(key)
    }
  }
  write('mst/example_keys.txt', `# the digit is the height, by @atproto/repo\n${examples.join('\n')}\n`)

  const fixtures = []
  for (const [comment, keys, adds, dels] of [
    ['insert between', [1, 2, 3, 5, 8], [4], []],
    ['insert into an empty tree', [], [1], []],
    ['insert at both ends', [20, 30, 40, 50], [10, 60], []],
    ['remove one of many', Array.from({ length: 60 }, (_, i) => i), [], [31]],
    ['insert and remove', Array.from({ length: 60 }, (_, i) => i), [77, 78], [12]],
  ]) {
    const storage = new MemoryBlockstore()
    let tree = await MST.create(storage)
    for (const key of keys) tree = await tree.add(path(key), value)
    const before = await tree.getPointer()
    for (const key of adds) tree = await tree.add(path(key), value)
    for (const key of dels) tree = await tree.delete(path(key))
    const after = await tree.getPointer()
    const proof = new BlockMap()
    for (const key of [...adds, ...dels]) proof.addMap(await tree.getCoveringProof(path(key)))
    const { blocks } = await tree.getUnstoredBlocks()
    const had = new Set()
    await collect(await rebuild(MST, storage, keys, path, value), had)
    for (const { cid, bytes } of blocks.entries()) if (!had.has(cid.toString())) proof.set(cid, bytes)
    fixtures.push({
      comment, leafValue: leaf, keys: keys.map(path), adds: adds.map(path), dels: dels.map(path),
      rootBeforeCommit: before.toString(), rootAfterCommit: after.toString(), blocksInProof: proof.entries().map(({ cid }) => cid.toString()),
    })
  }
  writeJson('firehose/commit-proof-fixtures.json', fixtures)
}

/** A small repository's life as messages of the firehose, whole: with revisions of the day they are made. */
async function frames() {
  const { Secp256k1Keypair } = await load('@atproto/crypto')
  const { Repo, MemoryBlockstore, BlockMap, blocksToCarFile } = await load('@atproto/repo')
  const { MessageFrame, ErrorFrame } = await load('@atproto/xrpc-server')
  const did = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'
  const key = await Secp256k1Keypair.import(Buffer.alloc(32, 7).toString('hex'), { exportable: true })
  const storage = new MemoryBlockstore()
  const time = '2026-01-02T03:04:05.678Z'
  const collection = 'com.example.note'
  const note = (text) => ({ $type: collection, text })
  const written = []
  let seq = 0
  const add = (name, body, type, more = {}) =>
    written.push({ name, base64: Buffer.from(new MessageFrame(body, { type }).toBytes()).toString('base64'), type, seq: body.seq ?? null, isOurs: true, ...more })

  const carOf = (data, blocks) => blocksToCarFile(data.cid, blocks)
  const announce = async (name, data, prevData, ops, more = {}, how = {}) => {
    const blocks = new BlockMap()
    blocks.addMap(data.newBlocks)
    blocks.addMap(data.relevantBlocks)
    const { rev, since, cid: commit } = data
    const body = { repo: did, commit, rev, since, blocks: await carOf(data, blocks), ops, rebase: false, tooBig: false, blobs: [], ...(prevData ? { prevData } : {}), seq: ++seq, time, ...more }
    add(name, body, '#commit', { commit: commit.toString(), ops: ops.length, ...how })
    return body
  }

  const genesis = await Repo.formatInitCommit(storage, did, key)
  let repo = await Repo.createFromCommit(storage, genesis)
  await announce('first commit', genesis, null, [])
  const write = async (name, writes, more, how) => {
    const before = repo.data
    const prevData = repo.commit.data
    const data = await repo.formatCommit(writes.map((one) => ({ collection, ...one })), key)
    repo = await repo.applyCommit(data)
    const ops = []
    for (const { action, rkey } of writes) {
      const path = `${collection}/${rkey}`
      const prev = await before.get(path)
      const cid = action === 'delete' ? null : await repo.data.get(path)
      ops.push({ action, path, cid, ...(prev ? { prev } : {}) })
    }
    return announce(name, data, prevData, ops, more, how)
  }

  await write('creations', Array.from({ length: 40 }, (_, i) => ({ action: 'create', rkey: `k${i}`, record: note(`${i}`) })))
  await write('one of each', [{ action: 'create', rkey: 'new', record: note('new') }, { action: 'update', rkey: 'k7', record: note('other') }, { action: 'delete', rkey: 'k20' }])
  await write('a deletion, with members that nobody knows', [{ action: 'delete', rkey: 'k31' }],
    { prev: null, z: { deep: [1, { $link: 'no link' }] }, future: new Uint8Array([1, 2, 3]) }, { isOurs: false })
  const commitBlock = new BlockMap()
  commitBlock.set(repo.cid, await storage.getBytes(repo.cid))
  add('sync', { did, rev: repo.commit.rev, blocks: await blocksToCarFile(repo.cid, commitBlock), seq: ++seq, time }, '#sync', { commit: repo.cid.toString() })
  add('identity', { did, handle: 'alice.example.com', seq: ++seq, time }, '#identity')
  add('identity without a handle', { did, seq: ++seq, time }, '#identity')
  add('account', { did, active: true, seq: ++seq, time }, '#account')
  add('account, taken down', { did, active: false, status: 'takendown', seq: ++seq, time }, '#account')
  add('account, active and throttled, finer time', { did, active: true, status: 'throttled', seq: ++seq, time: '2026-01-02T04:04:05.678901234+01:00' }, '#account', { isOurs: false })
  add('info', { name: 'OutdatedCursor', message: 'Requested cursor exceeded limit. Possibly missing events' }, '#info')
  add('info without a message', { name: 'Something' }, '#info')
  add('of the future', { did, seq: ++seq, time, what: [] }, '#future', { seq: null, isOurs: false })
  add('of another lexicon', {}, 'com.example.stream#thing', { isOurs: false })
  const error = new ErrorFrame({ error: 'FutureCursor', message: 'Cursor in the future.' })
  written.push({ name: 'error', base64: Buffer.from(error.toBytes()).toString('base64'), type: null, seq: null, isOurs: true })
  writeJson('firehose/frames.json', { did, key: key.did(), frames: written })
}

/** The signature as ASN.1 writes it, which atproto refuses. */
function der(signature) {
  const integer = (bytes) => {
    let start = 0
    while (start < bytes.length - 1 && bytes[start] === 0) start++
    const body = bytes[start] & 0x80 ? Buffer.concat([Buffer.of(0), bytes.subarray(start)]) : bytes.subarray(start)
    return Buffer.concat([Buffer.of(2, body.length), body])
  }
  const body = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}

async function rebuild(MST, storage, keys, path, value) {
  let tree = await MST.create(storage)
  for (const key of keys) tree = await tree.add(path(key), value)
  return tree
}

async function collect(tree, cids) {
  const { blocks } = await tree.getUnstoredBlocks()
  for (const { cid } of blocks.entries()) cids.add(cid.toString())
}
