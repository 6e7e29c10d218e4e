// kernel-host FILE.so INPUT: runs the function `entry` of a kernel of
// bench/kernels on a job that starts with INPUT, and prints what it returns.
// The one map that is no array is a hash map.
#include <bpfcc/host.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { JobSize = 32768, MaxEntries = 1024 };
static struct {
  uint64_t keys[2], value; // the key in 16 bytes, where the value lies
} entries[MaxEntries];
static unsigned used;

static int find(struct bpfcc_host *h, const uint64_t *args, unsigned *at) {
  uint32_t map = bpfcc_host_map_number(h, args[0]);
  uint64_t key[2] = {0, 0};
  uint32_t size = map == UINT32_MAX ? 0 : h->native->maps[map].key_size;
  const void *bytes = bpfcc_host_at(h, args[1], size);
  if (!size || size > sizeof key || !bytes)
    return 1;
  memcpy(key, bytes, size);
  for (*at = 0; *at != used; ++*at)
    if (!memcmp(entries[*at].keys, key, sizeof key))
      return 0;
  if (used != MaxEntries)
    memcpy(entries[used].keys, key, sizeof key);
  return 0;
}
static int lookup(struct bpfcc_host *h, const uint64_t *args, uint64_t *r0) {
  unsigned at;
  if (find(h, args, &at))
    return 1;
  *r0 = at == used ? 0 : entries[at].value;
  return 0;
}
static int update(struct bpfcc_host *h, const uint64_t *args, uint64_t *r0) {
  unsigned at;
  if (find(h, args, &at) || at == MaxEntries)
    return 1;
  uint32_t size = h->native->maps[bpfcc_host_map_number(h, args[0])].value_size;
  const void *value = bpfcc_host_at(h, args[2], size);
  if (!value)
    return 1;
  if (at == used)
    entries[used++].value =
        bpfcc_host_add(h, NULL, size, BPFCC_HOST_READ | BPFCC_HOST_WRITE);
  memcpy(h->base + entries[at].value, value, size);
  *r0 = 0;
  return 0;
}
static const bpfcc_host_function helpers[] = {[1] = lookup, [2] = update};

int main(int argc, char **argv) {
  void *file = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
  const struct bpfcc_native *native =
      file ? dlsym(file, BPFCC_NATIVE_SYMBOL) : NULL;
  struct bpfcc_host host = {helpers, sizeof helpers / sizeof *helpers};
  FILE *input = argc == 3 ? fopen(argv[2], "rb") : NULL;
  static uint8_t job[JobSize];
  if (!input || bpfcc_host_open(&host, native, 1 << 24)) {
    fprintf(stderr, "usage: kernel-host FILE.so INPUT\n");
    return 1;
  }
  size_t size = fread(job, 1, sizeof job, input);
  uint64_t r0, ctx = bpfcc_host_add(&host, job, JobSize,
                                    BPFCC_HOST_READ | BPFCC_HOST_WRITE);
  int status =
      bpfcc_host_run(&host, bpfcc_host_find(native, "entry"), ctx, &r0);
  if (!size || status != BPFCC_NATIVE_RETURNED) {
    fprintf(stderr, "status %d\n", status);
    return 1;
  }
  printf("return %" PRId32 "\n", (int32_t)r0);
}
