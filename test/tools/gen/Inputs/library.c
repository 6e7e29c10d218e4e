#include "values.h"

#include <bpf/bpf.h>
#include <stdio.h>

#include "whole.skel.h"
#include "values.subskel.h"

int main(void) {
  struct whole *w = whole__open_and_load();
  if (!w)
    return 1;
  struct values_bpf *part = values_bpf__open(w->obj);
  if (!part)
    return 1;
  *part->bss.counter = 4;
  (*part->data.numbers)[0] = 9;
  printf("%d %d %d %s %d %s\n", w->bss->counter, w->data->numbers[0],
         part->rodata.settings->number, *part->data_own_section.letters,
         part->progs.first == w->progs.first, bpf_map__name(part->maps.sums));
  values_bpf__destroy(part);
  whole__destroy(w);
  return 0;
}
