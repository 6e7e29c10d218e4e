// Runs each program of world.bpf.c and prints what came of it.
#include <bpfcc/host.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>

static int loop(struct bpfcc_host *h, const uint64_t *args, uint64_t *r0) {
  uint32_t function = (uint32_t)((args[1] - BPFCC_NATIVE_FUNCTION_BASE) / 4096);
  for (*r0 = 0; *r0 != args[0]; ++*r0) {
    uint64_t given[2] = {*r0, args[2]}, result;
    if (bpfcc_host_call(h, function, given, 2, &result))
      return 1;
    if (result)
      break;
  }
  return 0;
}
static int32_t tail(struct bpfcc_host *h, uint32_t map, uint32_t index) {
  static const char *const names[] = {"again", "", "data", ""};
  if (strcmp(h->native->maps[map].name, "jumps") || index > 3)
    return -1;
  const struct bpfcc_native_function *f =
      bpfcc_host_find(h->native, names[index]);
  return f ? (int32_t)(f - h->native->functions) : -1;
}

int main(int argc, char **argv) {
  void *file = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
  const struct bpfcc_native *native =
      file ? dlsym(file, BPFCC_NATIVE_SYMBOL) : NULL;
  static bpfcc_host_function helpers[200];
  helpers[181] = loop;
  struct bpfcc_host host = {helpers, 200, tail};
  host.limit = 100000;
  if (bpfcc_host_open(&host, native, 1 << 20)) {
    fprintf(stderr, "usage: world FILE.so\n");
    return 1;
  }
  printf("%s\n", native->license);
  uint64_t words[2] = {0, 2};
  for (uint32_t n = 0; n != native->num_functions; ++n) {
    const struct bpfcc_native_function *f = &native->functions[n];
    uint64_t r0, ctx = bpfcc_host_add(&host, words, 8, BPFCC_HOST_READ);
    if (!f->is_program)
      continue;
    int status = bpfcc_host_run(&host, f, ctx, &r0);
    printf("%s: ", f->name);
    if (status == BPFCC_NATIVE_RETURNED)
      printf("%" PRId32 "\n", (int32_t)r0);
    else
      printf("status %d in %s\n", status, bpfcc_host_where(&host)->name);
  }
  uint64_t r0, beyond = bpfcc_host_add(&host, &words[1], 8, BPFCC_HOST_READ);
  bpfcc_host_run(&host, bpfcc_host_find(native, "store"), beyond, &r0);
  printf("store: %" PRId32 "\n", (int32_t)r0);
  int status = bpfcc_host_run(&host, bpfcc_host_find(native, "store"), 3, &r0);
  printf("status %d without a context\n", status);
  printf("status %d without a program\n",
         bpfcc_host_run(&host, bpfcc_host_find(native, "none"), beyond, &r0));
  for (uint32_t n = 0; n != native->num_functions; ++n)
    if (!strcmp(native->functions[n].name, "quiet"))
      printf("status %d of a function without a result\n",
             bpfcc_host_run(&host, &native->functions[n], beyond, &r0));
  bpfcc_host_close(&host);
  struct bpfcc_native old = *native;
  old.abi = 0;
  printf("another version: %d\n", bpfcc_host_open(&host, &old, 1 << 20));
  printf("no room: %d\n", bpfcc_host_open(&host, native, 1 << 16));
}
