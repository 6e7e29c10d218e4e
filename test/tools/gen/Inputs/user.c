#include "values.h"

#include <bpf/bpf.h>
#include <stdio.h>

#include "values.skel.h"

static int fail(const char *what) {
  perror(what);
  return 1;
}

int main(void) {
  struct values_bpf *s = values_bpf__open();
  if (!s)
    return fail("open");
  s->rodata->wide = 40;
  s->data->numbers[1] = 7;
  if (values_bpf__load(s))
    return fail("load");
  char packet[64] = {0};
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet,
              .data_size_in = sizeof packet, .repeat = 3);
  if (bpf_prog_test_run_opts(bpf_program__fd(s->progs.first), &run))
    return fail("run");
  __u32 zero = 0;
  __u64 sum = 0;
  bpf_map__lookup_elem(s->maps.sums, &zero, sizeof zero, &sum, sizeof sum, 0);
  size_t size = 0, hash = 0;
  const unsigned char *elf = values_bpf__elf_bytes(&size);
  for (size_t n = 0; n != size; ++n)
    hash = hash * 31 + elf[n];
  printf("verdict %u sum %llu counter %d x %d y %ld\n", run.retval, sum,
         s->bss->counter, s->data->unnamed.x, s->data->unnamed.y);
  printf("numbers %d %d name %s letters %s kernel %d\n", s->data->numbers[1],
         s->data->numbers[2], s->rodata->settings.name,
         s->data_own_section->letters, s->kconfig->LINUX_KERNEL_VERSION > 0);
  printf("callback %d links %d elf %zu %zx\n", s->bss->callback != NULL,
         s->links.first != NULL, size, hash);
  printf("second loaded %d\n", bpf_program__fd(s->progs.second) >= 0);
  values_bpf__detach(s);
  values_bpf__destroy(s);
  return 0;
}
