/* Variables of one section, of all alignments, static and not, with gaps. */
#include "program.h"

struct odd {
  u8 head;
  u16 tail[3];
};

u8 a = 0, z8[5];
static u64 b;
u16 c;
struct odd d, e[7];
static u32 f[9] __attribute__((aligned(32)));
u64 g;
__attribute__((weak)) u32 weak;
static u8 h;

u8 da = 1;
static u64 db = 2;
u16 dc[3] = {3, 4, 5};
static struct odd dd = {6, {7, 8, 9}};
u8 large[40000] = {1};
u32 de = 10;

const volatile u8 ra = 11;
const volatile u64 rb = 12;
static const volatile u16 rc[4] = {13, 14, 15, 16};
const volatile struct odd rd[2] = {{17, {18, 19, 20}}, {21, {22, 23, 24}}};

STATIC void change(u64 x) {
  u32 i = (u32)x & 3;
  a += x;
  z8[i] ^= x >> 3;
  b += x;
  c ^= x;
  d.tail[i % 3] += x;
  e[i].head = e[i + 3].head + 1;
  e[6].tail[2] += c;
  f[i] -= b;
  f[i + 5] = f[i];
  g = x;
  weak++;
  h += 3;
  da += h;
  db ^= g;
  dc[i % 3] += x;
  dd.tail[i % 3] = dd.head;
  dd.head += 5;
  large[x % sizeof(large)]++;
  de += large[39999];
}

STATIC void show(u64 x) {
  u32 i = (u32)x & 3;
  add(a + z8[i] + b + c);
  add(d.head + d.tail[0] + d.tail[1] + d.tail[2]);
  for (int n = 0; n < 7; n++)
    add(e[n].head * 3 + e[n].tail[n % 3]);
  for (int n = 0; n < 9; n++)
    add(f[n]);
  add(g + weak + h);
  add(da * db + dc[i % 3] + dd.tail[0] + dd.head);
  add(large[0] + large[x % 200] + large[39999] + de);
  add(ra + rb * rc[i] + rd[i & 1].tail[i % 3] + rd[1].head);
}

static void program(void) {
  for (int i = 0; i < 300; i++) {
    u64 x = number();
    change(x);
    show(x);
  }
}
