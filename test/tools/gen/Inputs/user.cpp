#include "values.h"

#include <cstdio>

#include "values.skel.h"

int main() {
  bpf_object_open_opts opts{};
  opts.sz = sizeof opts;
  values_bpf *s = values_bpf::open(&opts);
  if (!s || values_bpf::load(s))
    return 1;
  size_t size = 0;
  values_bpf::elf_bytes(&size);
  std::printf("%d %zu\n", s->data->numbers[3], size);
  values_bpf::detach(s);
  values_bpf::destroy(s);
  values_bpf::destroy(values_bpf::open_and_load());
}
