// Loads the program through its skeleton and shows it one packet of UDP.
#include <bpf/bpf.h>
#include <stdio.h>

#include "counts.h"

#include "count.skel.h"

int main(void) {
  struct count_bpf *skel = count_bpf__open_and_load();
  if (!skel) {
    perror("count");
    return 1;
  }
  char packet[64] = {[12] = 0x08, [14] = 0x45, [23] = 17};
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet,
              .data_size_in = sizeof packet, .repeat = 5);
  int error = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.count), &run);
  printf("UDP: %lu of %d\n", skel->bss->counts.packets[17], run.repeat);
  count_bpf__destroy(skel);
  return error != 0;
}
