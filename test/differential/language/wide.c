/* Integers of 128 bits. */
#include "program.h"

typedef __int128 s128;
typedef unsigned __int128 u128;

STATIC void add128(u128 value) {
  add((u64)value);
  add((u64)(value >> 64));
}

STATIC u128 number128(void) {
  u128 v = (u128)number() << 64 | number();
  return random64() & 1 ? v : random64() & 1 ? v >> 64 : (u128)(s128)(s64)v;
}

STATIC u128 multiply(u128 x, u128 y) { return x * y; }
STATIC u128 divide(u128 x, u128 y) { return x / y; }
STATIC s128 sdivide(s128 x, s128 y) { return x % y + x / y; }
STATIC u128 left(u128 x, unsigned n) { return x << n; }
STATIC u128 right(u128 x, unsigned n) { return x >> n; }
STATIC s128 sright(s128 x, unsigned n) { return x >> n; }

STATIC int compare(s128 x, s128 y) {
  return (x < y) | (x <= y) << 1 | (x == y) << 2 | (x != y) << 3 |
         ((u128)x < (u128)y) << 4 | ((u128)x <= (u128)y) << 5;
}

STATIC u128 mixed(u128 x, u64 y, s32 z) {
  u128 high = (u128)(u64)x * y;
  s128 low = (s128)(s64)x * z;
  return high + low - (x ^ y) + (~x & (u128)(s128)z) - -x;
}

STATIC int overflows(s128 x, s128 y) {
  s128 a, b;
  u128 c, d;
  int result = __builtin_add_overflow(x, y, &a);
  result |= __builtin_sub_overflow(x, y, &b) << 1;
  result |= __builtin_add_overflow((u128)x, (u128)y, &c) << 2;
  result |= __builtin_sub_overflow((u128)x, (u128)y, &d) << 3;
  add128(a);
  add128(b);
  add128(c ^ d);
  return result;
}

/* Values that go round a loop. */
STATIC u128 power(s128 x, unsigned n) {
  u128 result = 1;
  for (; n; n--) {
    result *= x;
    x *= x;
  }
  if (result != 14348907)
    result += 5;
  return result;
}

struct pair {
  u128 first;
  char second;
};
static struct pair pairs[3];

static void program(void) {
  for (int i = 0; i < 60; i++) {
    u128 x = number128(), y = number128();
    unsigned n = (unsigned)number() & 127;
    add128(x + y);
    add128(x - y);
    add128(multiply(x, y));
    add128(divide(x, y | 1));
    add128(x % (y | 1));
    if (y + 1 > 1)
      add128(sdivide(x, y));
    add128(left(x, n));
    add128(right(x, n));
    add128(sright(x, n));
    add128(x << 64 | x >> 64);
    add128((s128)x >> 100);
    add(compare(x, y));
    add(compare(x, x));
    add128(mixed(x, (u64)y, (s32)n - 60));
    add(overflows(x, y));
    add128(x ? y : -y);
    add128(power(i < 30 ? 3 : (s128)y, i % 5));
    add(!x + !!y);
    add128((s8)x);
    add128((u16)y);
    pairs[i % 3].first += x;
    pairs[i % 3].second ^= (char)y;
    add128(pairs[n % 3].first / 10);
    add128((s128)pairs[n % 3].first % 1000);
    add(pairs[n % 3].second);
  }
}
