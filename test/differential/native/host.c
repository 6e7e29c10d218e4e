// host FILE.so: runs the function `entry` of native code and prints what
// bpfcc-exec prints of the object: what it returned, and the status in the
// section .data.status, or that it stopped.
#include <bpfcc/host.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/// bpf_loop
static int loop(struct bpfcc_host *h, const uint64_t *args, uint64_t *r0) {
  uint32_t function = (uint32_t)((args[1] - BPFCC_NATIVE_FUNCTION_BASE) / 4096);
  for (*r0 = 0; *r0 != (uint32_t)args[0];) {
    uint64_t given[2] = {*r0, args[2]}, result;
    if (bpfcc_host_call(h, function, given, 2, &result))
      return 1;
    ++*r0;
    if (result)
      break;
  }
  return 0;
}

static uint64_t status(const struct bpfcc_host *h) {
  static const char section[] = ".data.status";
  for (uint32_t n = 0; n != h->native->num_maps; ++n) {
    const char *name = h->native->maps[n].name;
    size_t length = strlen(name);
    if (length >= sizeof section - 1 &&
        !strcmp(name + length - (sizeof section - 1), section))
      return bpfcc_host_load(h, h->values[n], 8);
  }
  return 0;
}

int main(int argc, char **argv) {
  void *file = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
  const struct bpfcc_native *native =
      file ? dlsym(file, BPFCC_NATIVE_SYMBOL) : NULL;
  static bpfcc_host_function helpers[182];
  helpers[181] = loop;
  struct bpfcc_host host = {helpers, 182};
  host.limit = 1 << 30;
  if (bpfcc_host_open(&host, native, 1 << 26)) {
    fprintf(stderr, "host: %s\n", file ? "no native code" : dlerror());
    return 1;
  }
  uint64_t r0, ctx = bpfcc_host_add(&host, NULL, 64, BPFCC_HOST_READ);
  int how = bpfcc_host_run(&host, bpfcc_host_find(native, "entry"), ctx, &r0);
  if (how == BPFCC_NATIVE_RETURNED)
    printf("returned 0x%" PRIx64 " 0x%" PRIx64 "\n", r0, status(&host));
  else if (status(&host))
    printf("stopped 0x%" PRIx64 "\n", status(&host));
  else if (how == BPFCC_NATIVE_STOPPED && host.state->left < 1000)
    printf("fault still running after %" PRIu64 " instructions\n", host.limit);
  else
    printf("fault status %d at %s:%" PRIu32 "\n", how,
           bpfcc_host_where(&host)->name, host.state->inst);
}
