/* What each program here includes: numbers to compute with, and a checksum of
   what comes out. A program defines program(). */
#ifndef PROGRAM_H
#define PROGRAM_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

#define DONE (1ull << 32)
#define STATIC static __attribute__((noinline, unused))

__attribute__((section(".data.status"))) volatile u64 status = 0;
static u64 sum = 0x9e3779b97f4a7c15u, state = 88172645463325252u;

STATIC void add(u64 value) {
  sum = (sum ^ value) * 0x100000001b3u;
  sum ^= sum >> 29;
}

STATIC u64 random64(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* Numbers near the ends of the types as often as any others. */
STATIC u64 number(void) {
  u64 r = random64(), v = random64();
  switch (r & 3) {
  case 0:
    return (1ull << (v & 63)) - (v >> 62);
  case 1:
    return -(1ull << (v & 63)) + (v >> 62);
  case 2:
    return v >> (v & 63);
  default:
    return v;
  }
}

static void program(void);

#ifdef ON_HOST
int printf(const char *, ...);
int main(void) {
  program();
  printf("%llx\n", DONE | (u32)(sum ^ sum >> 32));
  return 0;
}
#else
__attribute__((section("socket"), used)) int entry(void *context) {
  program();
  status = DONE | (u32)(sum ^ sum >> 32);
  return 0;
}
__attribute__((section("license"), used)) char license[] = "GPL";
#endif

#endif
