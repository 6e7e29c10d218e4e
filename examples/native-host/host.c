// Runs the program of a file that `bpfcc run --emit-native` wrote on one
// packet, with no part of bpfcc but two headers:
//
//     bpfcc sizes.bpf.c -o sizes.o
//     bpfcc run sizes.o --emit-native sizes.so
//     cc -I../../include host.c -o host
//     ./host ./sizes.so 00112233445566778899aabb0800
#include <bpfcc/host.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <time.h>

static int ktime_get_ns(struct bpfcc_host *h, const uint64_t *args,
                        uint64_t *r0) {
  struct timespec now;
  (void)h, (void)args;
  clock_gettime(CLOCK_MONOTONIC, &now);
  *r0 = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  return 0;
}
static const bpfcc_host_function helpers[] = {[BPF_FUNC_ktime_get_ns] =
                                                  ktime_get_ns};

int main(int argc, char **argv) {
  uint8_t packet[1500];
  uint32_t size = 0;
  while (argc == 3 && size < sizeof packet &&
         sscanf(argv[2] + 2 * size, "%2" SCNx8, &packet[size]) == 1)
    ++size;
  void *file = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
  const struct bpfcc_native *native =
      file ? dlsym(file, BPFCC_NATIVE_SYMBOL) : 0;
  struct bpfcc_host host = {helpers, sizeof helpers / sizeof *helpers};
  if (bpfcc_host_open(&host, native, 1 << 20)) {
    fprintf(stderr, "usage: host FILE.so PACKET\n");
    return 1;
  }
  uint64_t data =
      bpfcc_host_add(&host, packet, size, BPFCC_HOST_READ | BPFCC_HOST_WRITE);
  struct xdp_md md = {.data = (uint32_t)data,
                      .data_end = (uint32_t)data + size};
  uint64_t r0, ctx = bpfcc_host_add(&host, &md, sizeof md, BPFCC_HOST_READ);
  int status =
      bpfcc_host_run(&host, bpfcc_host_find(native, "sizes"), ctx, &r0);
  if (status != BPFCC_NATIVE_RETURNED) {
    printf("stopped: status %d, instruction %" PRIu32 "\n", status,
           host.state->inst);
    return 1;
  }
  printf("returned %" PRIu64 "\n", r0);
  for (uint32_t i = 0; i != native->maps[0].max_entries; ++i)
    printf("%s[%" PRIu32 "] = %" PRIu64 "\n", native->maps[0].name, i,
           bpfcc_host_load(&host, host.arrays[0].addresses[i], 8));
  bpfcc_host_close(&host);
  return 0;
}
