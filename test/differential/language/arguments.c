/* More than five arguments, structures by value, structures as results. */
#include "program.h"

struct one {
  s8 a;
};
struct odd {
  u8 a[3];
};
struct two {
  s16 a;
  u64 b;
};
struct packed {
  s8 a;
  s32 b;
  s64 c;
} __attribute__((packed));
struct large {
  u32 a[7];
  s16 b;
};
struct nested {
  struct one a;
  struct large b[2];
  union {
    u64 whole;
    struct two parts;
  } c;
};
struct fields {
  s32 a : 7;
  u32 b : 13;
  s64 c : 33;
};

STATIC u64 six(s8 a, u16 b, s32 c, u64 d, s64 e, u8 f) {
  return a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13;
}

STATIC u64 nine(u64 a, s8 b, s64 c, u8 d, s16 e, u16 f, s32 g, u32 h, u64 *i) {
  *i += a;
  return a ^ b ^ c << 1 ^ d ^ e ^ f ^ g ^ (u64)h << 31 ^ *i;
}

STATIC struct one make_one(s8 a, u64 b, u64 c, u64 d, u64 e, s8 f) {
  struct one r = {a + b + c + d + e + f};
  return r;
}

STATIC struct odd make_odd(u64 a) {
  struct odd r = {{a, a >> 8, a >> 16}};
  return r;
}

STATIC struct two make_two(struct one a, struct odd b, struct two c) {
  c.a += a.a + b.a[0];
  c.b ^= (u64)b.a[1] << 33 | b.a[2];
  return c;
}

STATIC struct packed make_packed(struct packed a, struct packed b, s64 c) {
  struct packed r = {a.a - b.a, a.b + b.b, a.c * b.c + c};
  return r;
}

STATIC struct large make_large(struct large a, struct two b, struct large *c) {
  for (int i = 0; i < 7; i++)
    a.a[i] += c->a[6 - i] * (u32)b.b;
  a.b -= b.a;
  return a;
}

STATIC struct nested make_nested(struct nested a, struct large b, struct one c,
                                 s32 d, u64 e, struct fields f) {
  a.b[d & 1] = b;
  a.a = c;
  a.c.whole = e + f.a * 3 + f.b * 5 + (s64)f.c * 7;
  return a;
}

STATIC struct fields make_fields(struct fields a, struct fields b) {
  struct fields r = {a.a + b.a, a.b - b.b, (s64)a.c * (s64)b.c};
  return r;
}

STATIC unsigned __int128 wide(__int128 a, u64 b, __int128 c, u8 d) {
  return a * b - c + d;
}

STATIC _Complex int rotated(_Complex int a, _Complex int b) { return a + b; }

/* The callee's copy is its own. */
STATIC u64 changes(struct large a, struct one b) {
  a.a[3] ^= b.a;
  b.a = 9;
  return a.a[3] + b.a;
}

STATIC u64 through(struct large a, int deep) {
  struct large b = a;
  b.a[deep] += deep;
  if (deep == 0)
    return b.a[0];
  return changes(b, make_one(deep, 1, 2, 3, 4, 5)) + a.a[deep];
}

STATIC void add_large(struct large a) {
  for (int i = 0; i < 7; i++)
    add(a.a[i]);
  add(a.b);
}

static struct large large = {{1, 2, 3, 4, 5, 6, 7}, 8};
static struct nested nested = {{1}, {{{9}, 10}, {{11}, 12}}, {3}};
static struct two two = {4, 5};
static struct packed packed = {6, 7, 8};
static struct fields fields = {1, 2, 3};

STATIC void small(u64 a, u64 b, u64 c) {
  struct one one = make_one(a, b, c, a + b, b + c, c);
  struct odd odd = make_odd(a);
  add(one.a);
  add(odd.a[0] ^ odd.a[1] << 8 ^ odd.a[2] << 16);
  two = make_two(one, odd, two);
  add(two.a);
  add(two.b);
  struct packed other = {a, b, c};
  packed = make_packed(packed, other, b);
  add(packed.a);
  add(packed.b);
  add(packed.c);
  struct fields more = {a, b, c};
  fields = make_fields(fields, more);
  add(fields.a);
  add(fields.b);
  add(fields.c);
}

STATIC void numbers(u64 a, u64 b, u64 c, u64 total) {
  add(six(a, b, c, a, b, c));
  add(nine(a, b, c, b, a, c, b, a, &total));
  add(total);
  unsigned __int128 w = wide((__int128)a << 40, b, (__int128)c * c, total);
  add((u64)w);
  add((u64)(w >> 64));
  _Complex int z = rotated((s32)a, 2i);
  add(__real z);
  add(__imag z);
}

STATIC void larger(u64 a, u64 b, int i) {
  add_large(large = make_large(large, two, &nested.b[0]));
  nested = make_nested(nested, large, make_one(a, b, i, 4, 5, 6), i, b, fields);
  add(nested.a.a);
  add_large(nested.b[0]);
  add_large(nested.b[1]);
  add(nested.c.whole);
}

static void program(void) {
  for (int i = 0; i < 60; i++) {
    u64 a = number(), b = number(), c = number();
    numbers(a, b, c, i);
    small(a, b, c);
    larger(a, b, i);
    add(changes(large, make_one(i, a, b, c, 0, 0)));
    add(through(large, i % 7));
    add_large(large);
  }
}
