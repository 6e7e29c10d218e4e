/* Functions of <string.h>: constant sizes, sizes with a bound, strings. */
#include "program.h"

typedef __SIZE_TYPE__ size;
void *memcpy(void *, const void *, size);
void *memmove(void *, const void *, size);
void *memset(void *, int, size);
int memcmp(const void *, const void *, size);
void *memchr(const void *, int, size);
size strlen(const char *);
size strnlen(const char *, size);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size);
char *strcpy(char *, const char *);
char *stpcpy(char *, const char *);
char *strncpy(char *, const char *, size);
char *strcat(char *, const char *);
char *strchr(const char *, int);
char *strrchr(const char *, int);

static u8 from[200], to[200];
static u64 wide[24];

STATIC void refill(void) {
  for (unsigned i = 0; i < sizeof(from); i++) {
    from[i] = random64();
    to[i] = i;
  }
}

STATIC void digest(const u8 *bytes, size count) {
  u64 value = 0;
  for (size i = 0; i < count; i++)
    value = value * 31 + bytes[i];
  add(value);
}

static int sign(int value) { return (value > 0) - (value < 0); }

#define SIZE(n)                                                                \
  STATIC void size_##n(u8 *a, u8 *b, int byte) {                               \
    u8 local[n + 1];                                                           \
    memset(local, byte, n + 1);                                                \
    memcpy(local, b, n);                                                       \
    memmove(a + 3, a, n);                                                      \
    add(sign(memcmp(local, a, n)));                                            \
    add(memcmp(local, b, n) == 0);                                             \
    local[n / 2]++;                                                            \
    add(sign(memcmp(local, b, n)));                                            \
    memcpy(a, local, n);                                                       \
    memmove(a, a + 1, n);                                                      \
    digest(local, n + 1);                                                      \
    digest(a, n + 4);                                                          \
  }
SIZE(1)
SIZE(2)
SIZE(3)
SIZE(5)
SIZE(8)
SIZE(13)
SIZE(16)
SIZE(31)
SIZE(64)
SIZE(101)

STATIC void constants(int byte) {
  size_1(to, from + 7, byte);
  size_2(to + 2, from + 1, byte);
  size_3(to + 1, from, byte);
  size_5(to + 8, from + 4, byte);
  size_8(to, from, byte);
  size_13(to + 4, from + 8, byte);
  size_16(to, from + 16, byte);
  size_31(to + 5, from + 2, byte);
  size_64(to + 16, from, byte);
  size_101(to, from + 9, byte);
}

STATIC void bounded(unsigned a, unsigned b, size n, int byte) {
  add((u8 *)memcpy(to + a, from + b, n) - to);
  digest(to, sizeof(to));
  add((u8 *)memmove(to + a, to + b, n) - to);
  digest(to, sizeof(to));
  add(sign(memcmp(to + a, from + b, n)));
  add(memcmp(to + a, to + a, n));
  u8 *at = memchr(from + a, byte, n);
  add(at ? at - from : -1);
  add((u8 *)memset(to + b, byte, n) - to);
  digest(to, sizeof(to));
}

STATIC void large(void) {
  static u8 first[3000], second[3000];
  memset(first, 0x5a, sizeof(first));
  memcpy(second, first, sizeof(second));
  add(memcmp(first, second, sizeof(first)));
  second[2998] = 0x5b;
  add(sign(memcmp(first, second, sizeof(first))));
  memmove(first + 1, first, 2500);
  memmove(second, second + 7, 2990);
  digest(first, sizeof(first));
  digest(second, sizeof(second));
}

STATIC void strings(char *x, char *y, int byte) {
  char copy[64];
  add(strlen(x));
  add(strnlen(x, 9));
  add(sign(strcmp(x, y)));
  add(sign(strcmp(x, x)));
  add(sign(strncmp(x, y, 3)));
  add(strcpy(copy, x) - copy);
  add(stpcpy(copy, y) - copy);
  strcat(copy, x);
  add(strlen(copy));
  digest((u8 *)copy, strlen(copy) + 1);
  strncpy(copy, y, 20);
  digest((u8 *)copy, 20);
  char *at = strchr(x, byte), *last = strrchr(x, byte);
  add(at ? at - x : -1);
  add(last ? last - x : -1);
  add(strchr(x, 0) - x);
}

static void program(void) {
  char x[24], y[24];
  for (int i = 0; i < 12; i++) {
    refill();
    constants((int)random64());
    unsigned a = random64() & 63, b = random64() & 63;
    for (int same = 0; same < 2; same++) {
      size n = random64() & 127;
      bounded(a, b, n, i * 37);
      bounded(a, b, n & 7, i * 41);
      bounded(a, b, 0, 1);
      b = a + (random64() & 3);
    }
    unsigned n = random64() % 23, m = random64() % 23;
    for (unsigned k = 0; k < 24; k++) {
      x[k] = k < n ? 'a' + random64() % 3 : 0;
      y[k] = k < m ? (k < 5 ? x[k] : 'c') : 0;
    }
    strings(x, y, 'a' + i % 4);
    memcpy(wide + i, from, 40);
    memset(wide + 1, i, 16);
    digest((u8 *)wide, 192);
  }
  large();
  add(strlen("constant") + __builtin_strlen("text"));
}
