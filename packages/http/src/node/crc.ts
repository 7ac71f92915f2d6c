/** Checksums of gzip (RFC 1952, section 8) put together from those of parts: arithmetic on polynomials over two elements, lowest power in the highest bit. */

const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000
const X = 0x40000000

/** What moves a checksum past `length` bytes: x to the power of their bits, modulo the polynomial. */
export function crcShift(length: number): number {
  let shift = ONE
  let power = X
  for (let bits = length * 8; bits > 0; bits = Math.floor(bits / 2)) {
    if (bits % 2 === 1) shift = product(power, shift)
    power = product(power, power)
  }
  return shift
}

/** The checksum of a first part followed by a second, from that of each and {@link crcShift} of the second's length. */
export function crcAfter(first: number, shift: number, second: number): number {
  return (product(shift, first) ^ second) >>> 0
}

function product(a: number, b: number): number {
  let sum = 0
  let multiple = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) sum ^= multiple
    multiple = (multiple & 1) === 0 ? multiple >>> 1 : (multiple >>> 1) ^ POLYNOMIAL
  }
  return sum >>> 0
}
