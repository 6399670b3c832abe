// Makes the archive of one account that of another, as a person brings it along who moves.
import { createHash } from 'node:crypto'

const CID_PREFIX = Buffer.from([0x01, 0x71, 0x12, 0x20])
const CID_BYTES = 36

const varint = (bytes, at) => {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++]
    value += (byte & 127) * factor
    if (byte < 128) return [value, at]
  }
}

/**
 * Replaces the DID in the commit, and the commit's CID. Both have fixed lengths, so nothing moves; the signature becomes void, and neither server asks for it.
 * @param {Buffer} car The archive.
 * @param {string} from The account it is of.
 * @param {string} to The account it becomes that of.
 */
export const rehome = (car, from, to) => {
  const moved = Buffer.from(car)
  const [headerLength, header] = varint(moved, 0)
  const head = moved.subarray(header, header + headerLength)
  const old = Buffer.from(head.subarray(head.indexOf(CID_PREFIX), head.indexOf(CID_PREFIX) + CID_BYTES))
  for (let at = header + headerLength; at < moved.length; ) {
    const [length, start] = varint(moved, at)
    at = start + length
    if (!moved.subarray(start, start + CID_BYTES).equals(old)) continue
    const commit = moved.subarray(start + CID_BYTES, at)
    commit.write(to, commit.indexOf(from), 'latin1')
    const cid = Buffer.concat([CID_PREFIX, createHash('sha256').update(commit).digest()])
    cid.copy(moved, start)
    cid.copy(head, head.indexOf(old))
    return moved
  }
  throw new Error('the archive has no commit')
}
