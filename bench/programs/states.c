#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  enum { Start, Digit, Letter, Zero } state = Start;
  __u64 result = 0;
  for (int i = 0; i < BYTES; i++) {
    __u8 c = p[i];
    switch (state) {
    case Start:
      state = c == 0 ? Zero : c < 0x40 ? Digit : Letter;
      break;
    case Digit:
      result = result * 10 + (c & 15);
      state = c & 0x80 ? Start : c & 0x40 ? Letter : Digit;
      break;
    case Letter:
      result += c;
      state = c < 0x40 ? Zero : Letter;
      break;
    case Zero:
      result ^= i;
      state = c ? Start : Zero;
      break;
    }
  }
  return result;
}
