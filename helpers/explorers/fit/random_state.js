// NumPy's RandomState in the browser: the same seed gives the same numbers as np.random.RandomState(seed).

const [SIZE, MIDDLE] = [624, 397];

/** The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded with a whole number as NumPy does it. */
export class RandomState {
  constructor(seed) {
    this.words = new Uint32Array(SIZE);
    this.words[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = this.words[i - 1] ^ (this.words[i - 1] >>> 30);
      this.words[i] = Math.imul(1812433253, before) + i;
    }
    this.next = SIZE;
  }

  /** 32 random bits. */
  word() {
    if (this.next === SIZE) this.refill();
    let y = this.words[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  refill() {
    const { words } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (words[i] & 0x80000000) | (words[(i + 1) % SIZE] & 0x7fffffff);
      words[i] = words[(i + MIDDLE) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** A number from [0, 1) with 53 random bits. */
  random() {
    const [high, low] = [this.word() >>> 5, this.word() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `count` numbers, uniform on [low, high). */
  uniform(low, high, count) {
    return Float64Array.from({ length: count }, () => low + (high - low) * this.random());
  }

  /** `count` numbers, normal with mean 0 and standard deviation 1: the polar method makes two at a time. */
  normal(count) {
    return Float64Array.from({ length: count }, () => {
      if (this.spare !== undefined) {
        const { spare } = this;
        this.spare = undefined;
        return spare;
      }
      let [a, b, square] = [0, 0, 0];
      while (square >= 1 || square === 0) {
        a = 2 * this.random() - 1;
        b = 2 * this.random() - 1;
        square = a * a + b * b;
      }
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = factor * a;
      return factor * b;
    });
  }
}
