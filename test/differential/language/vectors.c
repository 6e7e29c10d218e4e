/* GCC's vector types, which become arithmetic of their elements. */
#include "program.h"

typedef s32 v4 __attribute__((vector_size(16)));
typedef u64 v2 __attribute__((vector_size(16)));
typedef s8 v8 __attribute__((vector_size(8)));
typedef u16 v16 __attribute__((vector_size(32)));

STATIC v4 arithmetic(v4 a, v4 b) { return (a * b + (a ^ b)) - (a & ~b); }
STATIC v4 shift(v4 a, v4 b) { return (a >> (b & 31)) | (a << ((b ^ 7) & 31)); }
STATIC v4 compare(v4 a, v4 b) { return (a > b) + (a == b) - (a <= b); }
STATIC v2 wide(v2 a, v2 b) { return a / (b | 1) + a % (b | 1); }
STATIC v8 narrow(v8 a, v8 b) { return (a + b) * (a - b) >> 1; }
STATIC v16 longer(v16 a, v16 b) { return (a * b) ^ ((v16)(a < b) & b); }
STATIC v4 scalar(v4 a, s32 b) { return a * b + 3; }

STATIC v4 any4(void) {
  v4 r;
  for (int k = 0; k < 4; k++)
    r[k] = number();
  return r;
}

STATIC v16 any16(void) {
  v16 r;
  for (int k = 0; k < 16; k++)
    r[k] = number();
  return r;
}

static v4 table[4];
static v8 bytes = {1, 2, 3, 4, 5, 6, 7, 8};

STATIC void words(int i) {
  v4 a = any4(), b = any4();
  v4 r = arithmetic(a, b) + shift(a, b);
  table[i & 3] += r ^ compare(a, b) + scalar(b, i);
  for (int k = 0; k < 4; k++)
    add((u32)table[k & 3][(i + k) & 3]);
}

STATIC void others(int i) {
  v2 c = {1, 2}, d = {3, 4};
  c[i & 1] = number();
  d[i & 1] = number();
  c = wide(c, d);
  add(c[0]);
  add(c[i & 1]);
  bytes[i & 7] ^= i;
  bytes = narrow(bytes, bytes << 2);
  for (int k = 0; k < 8; k++)
    add(bytes[k]);
}

STATIC void long_ones(void) {
  v16 f = any16(), g = any16();
  f = longer(f, g);
  for (int k = 0; k < 16; k++)
    add(f[k]);
}

static void program(void) {
  for (int i = 0; i < 40; i++) {
    words(i);
    others(i);
    long_ones();
  }
}
