// The random numbers of torch.Generator().manual_seed(seed) on the CPU, so that a
// seed gives the same latent code here as in playground/models/prior.py.

const LENGTH = 624; // of the Mersenne Twister's state (Matsumoto and Nishimura, 1998)
const LAG = 397;
const GROUP = 16; // torch.randn fills large tensors in groups of 8 pairs

// A seed is a whole number from 0 to 2^63-1: a number as long as it is exact, or
// else a string of digits or a BigInt, because JSON.parse rounds from 2^53 on.
// Of the seed, torch's generator uses the lower 32 bits alone.
export function lowerBitsOf(seed) {
  const exact = typeof seed === "number" ? Number.isSafeInteger(seed) : /^\d{1,19}$/.test(String(seed));
  if (!exact || BigInt(seed) < 0n || BigInt(seed) >= 2n ** 63n) {
    throw new Error(`A seed is a whole number from 0 to 2^63-1, above 2^53 as text, not ${seed}.`);
  }
  return Number(BigInt(seed) & 0xffffffffn);
}

export class Generator {
  constructor(seed) {
    this.state = new Uint32Array(LENGTH);
    this.next = LENGTH; // all are used up: the first question mixes the state
    this.spare = null; // the second number of a pair
    this.state[0] = lowerBitsOf(seed);
    for (let i = 1; i < LENGTH; i++) {
      const before = this.state[i - 1] ^ (this.state[i - 1] >>> 30);
      this.state[i] = Math.imul(1812433253, before) + i;
    }
  }

  // torch.rand(()): a float32 in [0, 1).
  rand() {
    return (this.bits() & 0xffffff) / 2 ** 24;
  }

  // torch.randn(length): a Float32Array from N(0, 1).
  randn(length) {
    return length < GROUP ? this.oneByOne(length) : this.inGroups(length);
  }

  oneByOne(length) {
    return Float32Array.from({ length }, () => this.normal());
  }

  // Box and Muller, 1958: two uniform numbers make two normal ones.
  normal() {
    if (this.spare !== null) {
      const spare = this.spare;
      this.spare = null;
      return spare;
    }
    const angle = 2 * Math.PI * this.uniform();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform()));
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  // Uniform numbers first, turned into normal ones in place; of a length that is
  // no multiple of 16, the last 16 are drawn again.
  inGroups(length) {
    const numbers = Float32Array.from({ length }, () => this.rand());
    for (let start = 0; start + GROUP <= length; start += GROUP) makeNormal(numbers.subarray(start, start + GROUP));
    if (length % GROUP) {
      const tail = numbers.subarray(length - GROUP);
      for (let i = 0; i < GROUP; i++) tail[i] = this.rand();
      makeNormal(tail);
    }
    return numbers;
  }

  // A double in [0, 1) of 53 bits.
  uniform() {
    const high = this.bits() & 0x1fffff;
    return (high * 2 ** 32 + this.bits()) / 2 ** 53;
  }

  // The next 32 bits.
  bits() {
    if (this.next === LENGTH) this.mix();
    let x = this.state[this.next++];
    x ^= x >>> 11;
    x ^= (x << 7) & 0x9d2c5680;
    x ^= (x << 15) & 0xefc60000;
    return (x ^ (x >>> 18)) >>> 0;
  }

  mix() {
    const { state } = this;
    for (let i = 0; i < LENGTH; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7fffffff);
      state[i] = state[(i + LAG) % LENGTH] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}

function makeNormal(group) {
  for (let i = 0; i < GROUP / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - group[i]));
    const angle = 2 * Math.PI * group[i + GROUP / 2];
    group[i] = radius * Math.cos(angle);
    group[i + GROUP / 2] = radius * Math.sin(angle);
  }
}
