export const percentiles = (milliseconds) => {
  const sorted = Float64Array.from(milliseconds).sort()
  const at = (share) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : null)
  return { p50: at(0.5), p99: at(0.99), max: sorted.length ? sorted[sorted.length - 1] : null }
}

/** Three digits are what these measurements are worth. */
export const short = (x) => {
  if (x === null || x === undefined || !Number.isFinite(x)) return ''
  const size = Math.abs(x)
  return size >= 100 ? Math.round(x).toLocaleString('en-US') : size >= 10 ? x.toFixed(1) : x.toFixed(2)
}

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz'
const EPOCH = 1_700_000_000_000_000n // makes a monotonic clock a plausible date

let last = 0n
/** A TID from the monotonic clock, which all processes of a machine share: a subscriber can tell when the write was sent. */
export const nextTid = () => {
  const now = process.hrtime.bigint() / 1000n
  last = now > last ? now : last + 1n
  let n = (EPOCH + last) << 10n
  let text = ''
  for (let i = 0; i < 13; i++, n >>= 5n) text = ALPHABET[Number(n & 31n)] + text
  return text
}

/** Milliseconds since a TID of nextTid was made. */
export const ageOf = (tid) => {
  let n = 0n
  for (const letter of tid) n = (n << 5n) | BigInt(ALPHABET.indexOf(letter))
  return Number(process.hrtime.bigint() / 1000n + EPOCH - (n >> 10n)) / 1000
}
