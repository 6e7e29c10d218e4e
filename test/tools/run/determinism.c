// The clock, random numbers and processors that a program sees.
//
// RUN: clang -target bpfel -O2 -g -c %s -o %t.o
// RUN: bpfcc run %t.o --repeat 3 > %t.1
// RUN: bpfcc run %t.o --repeat 3 --clock=fixed --seed=0 --jit=off > %t.2
// RUN: cmp %t.1 %t.2
// RUN: bpfcc run %t.o --repeat 3 --seed=1 > %t.3
// RUN: not cmp %t.1 %t.3
// RUN: bpfcc run %t.o --time 5000000 --no-maps > %t.time
// RUN: FileCheck %s --check-prefix=TIME --input-file=%t.time
// TIME: return 5000
//
// What the host's clock says lies between two readings of it; each clock is
// its own.
// RUN: bpfcc run %t.o --clock=real --format=json > %t.json
// RUN: python3 %S/Inputs/near-now.py %t.json
//
// RUN: FileCheck %s --check-prefix=FOUR --input-file=%t.1
// FOUR: map runs (percpu_array)
// FOUR-NEXT: [0] 3 (cpu 0: 3)
// RUN: bpfcc run %t.o --repeat 5 --cpus=3 > %t.three
// RUN: FileCheck %s --check-prefix=THREE --input-file=%t.three
// RUN: bpfcc run %t.o --repeat 5 --cpus=3 --jit=off > %t.interpreted
// RUN: cmp %t.three %t.interpreted
// THREE: map runs (percpu_array)
// THREE-NEXT: [0] 5 (cpu 0: 2, cpu 1: 2, cpu 2: 1)
// RUN: bpfcc run %t.o --repeat 5 --cpus=6 --cpu=5 > %t.pinned
// RUN: FileCheck %s --check-prefix=PINNED --input-file=%t.pinned
// PINNED: [0] 5 (cpu 5: 5)
// RUN: bpfcc run %t.o --cpus=2 --format=json > %t.two
// RUN: FileCheck %s --check-prefix=TWO --input-file=%t.two
// TWO:      "percpu": [
// TWO-NEXT:   "1",
// TWO-NEXT:   "0"
// TWO-NEXT: ]
//
// RUN: not bpfcc run %t.o --clock=fast 2> %t.clock
// RUN: FileCheck %s --check-prefix=CLOCK --input-file=%t.clock
// CLOCK: error: --clock: `fast` is neither fixed nor real
// RUN: not bpfcc run %t.o --clock=real --time=1 2> %t.both
// RUN: FileCheck %s --check-prefix=BOTH --input-file=%t.both
// BOTH: error: --time starts the clock of --clock=fixed
// RUN: not bpfcc run %t.o --cpus=0 2> %t.none
// RUN: FileCheck %s --check-prefix=NONE --input-file=%t.none
// NONE: error: --cpus: `0` is no number that fits
// RUN: not bpfcc run %t.o --cpus=513 2> %t.many
// RUN: FileCheck %s --check-prefix=MANY --input-file=%t.many
// MANY: error: --cpus: there can be 1 to 512 processors
// RUN: not bpfcc run %t.o --cpu=2 --cpus=2 2> %t.outside
// RUN: FileCheck %s --check-prefix=OUTSIDE --input-file=%t.outside
// OUTSIDE: error: --cpu: there are 2 processors, 0 to 1

typedef unsigned long long u64;
static void *(*lookup)(void *map, const void *key) = (void *)1;
static u64 (*ktime_get_ns)(void) = (void *)5;
static unsigned (*get_prandom_u32)(void) = (void *)7;
static u64 (*ktime_get_boot_ns)(void) = (void *)125;
static u64 (*ktime_get_tai_ns)(void) = (void *)208;

struct {
  int (*type)[6];
  int (*max_entries)[1];
  unsigned *key;
  u64 *value;
} runs __attribute__((section(".maps"), used));

u64 monotonic, boottime, tai, random;

__attribute__((section("tp/test/one"), used)) int prog(void *ctx) {
  unsigned key = 0;
  u64 *mine = lookup(&runs, &key);
  if (mine)
    *mine += 1;
  monotonic = ktime_get_ns();
  boottime = ktime_get_boot_ns();
  tai = ktime_get_tai_ns();
  random = get_prandom_u32();
  return monotonic / 1000;
}
