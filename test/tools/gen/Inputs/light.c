#include "values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "values.lskel.h"

int main(void) {
  struct values_bpf *s = values_bpf__open();
  if (!s)
    return 1;
  s->rodata->wide = 40;
  if (values_bpf__load(s) || values_bpf__attach(s))
    return 1;
  char packet[64] = {0};
  union bpf_attr run;
  memset(&run, 0, sizeof run);
  run.test.prog_fd = (unsigned)s->progs.first.prog_fd;
  run.test.data_in = (unsigned long)packet;
  run.test.data_size_in = sizeof packet;
  run.test.repeat = 3;
  if (syscall(__NR_bpf, BPF_PROG_TEST_RUN, &run, sizeof run))
    return 1;
  unsigned zero = 0;
  unsigned long sum = 0;
  union bpf_attr lookup;
  memset(&lookup, 0, sizeof lookup);
  lookup.map_fd = (unsigned)s->maps.sums.map_fd;
  lookup.key = (unsigned long)&zero;
  lookup.value = (unsigned long)&sum;
  if (syscall(__NR_bpf, BPF_MAP_LOOKUP_ELEM, &lookup, sizeof lookup))
    return 1;
  printf("verdict %u sum %lu counter %d x %d\n", run.test.retval, sum,
         s->bss->counter, s->data->unnamed.x);
  values_bpf__detach(s);
  values_bpf__destroy(s);
  return 0;
}
