/* Quotients and remainders of all widths and signs, by variables and constants.
 */
#include "program.h"

#define DIVIDE(type)                                                           \
  STATIC type quotient_##type(type x, type y) { return x / y; }                \
  STATIC type remainder_##type(type x, type y) { return x % y; }               \
  STATIC type both_##type(type x, type y) { return x / y ^ x % y; }            \
  STATIC void constants_##type(type x) {                                       \
    add(x / 2);                                                                \
    add(x % 2);                                                                \
    add(x / 3);                                                                \
    add(x % 3);                                                                \
    add(x / 7 + x % 7);                                                        \
    add(x / 64 - x % 64);                                                      \
    add(x / 100);                                                              \
    add(x % 100);                                                              \
    add(x / (type) - 5);                                                       \
    add(x % (type) - 5);                                                       \
    add(x / (type)0x80000000000000ff);                                         \
    add(1000 / (x | 1));                                                       \
    add(-1000 % (x | 1));                                                      \
  }                                                                            \
  STATIC void all_##type(type x, type y) {                                     \
    if (y == 0 || y == (type) - 1)                                             \
      y = 11;                                                                  \
    add(quotient_##type(x, y));                                                \
    add(remainder_##type(x, y));                                               \
    add(both_##type(x, y));                                                    \
    constants_##type(x);                                                       \
  }
DIVIDE(u8)
DIVIDE(s8)
DIVIDE(u16)
DIVIDE(s16)
DIVIDE(u32)
DIVIDE(s32)
DIVIDE(u64)
DIVIDE(s64)

struct fields {
  s32 a : 5;
  u32 b : 11;
  s64 c : 40;
  u64 d : 24;
};

STATIC void members(struct fields *f, u64 x, u64 y) {
  f->a = x;
  f->b = y;
  f->c = x;
  f->d = y;
  add(f->a / 3 + f->a % 3);
  add(f->b / 5 * (f->b % 5));
  if (f->d)
    add(f->c / (s64)f->d);
  if (f->a && f->a != -1)
    add(f->c % f->a);
  f->c /= 9;
  f->d %= 1000;
  add(f->c);
  add(f->d);
}

static void program(void) {
  struct fields f;
  for (int i = 0; i < 200; i++) {
    u64 x = number(), y = number();
    all_u8(x, y);
    all_s8(x, y);
    all_u16(x, y);
    all_s16(x, y);
    all_u32(x, y);
    all_s32(x, y);
    all_u64(x, y);
    all_s64(x, y);
    members(&f, x, y);
  }
}
