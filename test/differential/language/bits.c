/* Builtins on bits, and arithmetic that tells whether it overflowed. */
#include "program.h"

STATIC void count(u32 x, u64 y) {
  add(__builtin_popcount(x));
  add(__builtin_popcountll(y));
  add(__builtin_parity(x));
  add(__builtin_parityll(y));
  add(__builtin_ffs(x));
  add(__builtin_ffsll(y));
  add(__builtin_clrsb(x));
  add(__builtin_clrsbll(y));
  if (x) {
    add(__builtin_clz(x));
    add(__builtin_ctz(x));
  }
  if (y) {
    add(__builtin_clzll(y));
    add(__builtin_ctzll(y));
  }
  add(__builtin_bswap16(x));
  add(__builtin_bswap32(x));
  add(__builtin_bswap64(y));
  add(__builtin_bswap16(y) + __builtin_bswap32(y));
}

STATIC void rotate(u64 x, unsigned n) {
  add((u8)((u8)x << (n & 7) | (u8)x >> (-n & 7)));
  add((u16)((u16)x >> (n & 15) | (u16)x << (-n & 15)));
  add((u32)x << (n & 31) | (u32)x >> (-n & 31));
  add(x >> (n & 63) | x << (-n & 63));
  add((u32)x << 7 | (u32)x >> 25);
  add(x << 41 | x >> 23);
}

#define OVERFLOW(type)                                                         \
  STATIC void overflow_##type(type x, type y) {                                \
    type r;                                                                    \
    add(__builtin_add_overflow(x, y, &r));                                     \
    add(r);                                                                    \
    add(__builtin_sub_overflow(x, y, &r));                                     \
    add(r);                                                                    \
    add(__builtin_mul_overflow(x, y, &r));                                     \
    add(r);                                                                    \
  }
OVERFLOW(u8)
OVERFLOW(s8)
OVERFLOW(u16)
OVERFLOW(s16)
OVERFLOW(u32)
OVERFLOW(s32)
OVERFLOW(u64)
OVERFLOW(s64)

STATIC void mixed(s32 x, u64 y, s8 z) {
  u32 a;
  s64 b;
  u8 c;
  s16 d;
  add(__builtin_add_overflow(x, y, &a));
  add(a);
  add(__builtin_mul_overflow(y, x, &b));
  add(b);
  add(__builtin_sub_overflow(z, y, &c));
  add(c);
  add(__builtin_mul_overflow(x, z, &d));
  add(d);
  add(__builtin_add_overflow(y, z, &b));
  add(b);
}

STATIC void least(s32 x, s32 y, u64 z, u64 w) {
  add(x < y ? x : y);
  add(x > y ? x : y);
  add(z < w ? z : w);
  add(z > w ? z : w);
  add(x < 0 ? -x : x);
  add((s64)z < 0 ? -z : z);
  add((x > y) - (x < y));
  add((z > w) - (z < w));
}

static void program(void) {
  for (int i = 0; i < 200; i++) {
    u64 x = number(), y = number();
    count((u32)x, y);
    rotate(x, (unsigned)y);
    overflow_u8(x, y);
    overflow_s8(x, y);
    overflow_u16(x, y);
    overflow_s16(x, y);
    overflow_u32(x, y);
    overflow_s32(x, y);
    overflow_u64(x, y);
    overflow_s64(x, y);
    mixed(x, y, x >> 9);
    least(x, y, x, y);
  }
}
