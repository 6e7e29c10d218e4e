#include "KernelObject.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>

using namespace bpfcc;

static std::string hex(const uint8_t *Bytes, size_t Size) {
  static const char Digits[] = "0123456789abcdef";
  std::string S;
  for (size_t I = 0; I < Size; ++I)
    S += Digits[Bytes[I] >> 4], S += Digits[Bytes[I] & 15];
  return S;
}

/// Old samples name sections as libbpf does not know them.
static bpf_prog_type guessType(const std::string &Section) {
  auto has = [&](const char *Part) {
    return Section.find(Part) != std::string::npos;
  };
  if (has("xdp"))
    return BPF_PROG_TYPE_XDP;
  if (has("tc") || has("cls") || has("classifier") || has("gress"))
    return BPF_PROG_TYPE_SCHED_CLS;
  if (has("act"))
    return BPF_PROG_TYPE_SCHED_ACT;
  if (has("sock") || has("filter"))
    return BPF_PROG_TYPE_SOCKET_FILTER;
  return BPF_PROG_TYPE_UNSPEC;
}

std::vector<ProgramName> KernelObject::programs(const std::string &File) {
  std::vector<ProgramName> Names;
  bpf_object *O = bpf_object__open_file(File.c_str(), nullptr);
  if (!O)
    return Names;
  bpf_program *P;
  bpf_object__for_each_program(P, O)
      Names.push_back({bpf_program__name(P), bpf_program__section_name(P)});
  bpf_object__close(O);
  return Names;
}

/// What user space of the samples sets before it loads.
static void completeMaps(bpf_object *O) {
  bpf_map *M;
  bpf_object__for_each_map(M, O) {
    bpf_map__set_pin_path(M, nullptr);
    if (bpf_map__max_entries(M) == 0 &&
        bpf_map__type(M) != BPF_MAP_TYPE_PERF_EVENT_ARRAY &&
        bpf_map__type(M) != BPF_MAP_TYPE_SK_STORAGE)
      bpf_map__set_max_entries(M, 64);
  }
}

KernelObject::KernelObject(const std::string &File, const std::string &Name) {
  Object = bpf_object__open_file(File.c_str(), nullptr);
  if (!Object) {
    Result = {false, errno, "libbpf cannot open the object"};
    return;
  }
  bpf_program *P;
  bpf_object__for_each_program(P, Object) {
    bool Wanted = Name == bpf_program__name(P);
    bpf_program__set_autoload(P, Wanted);
    if (Wanted)
      Chosen = P;
  }
  if (!Chosen) {
    Result = {false, ENOENT, "no such program"};
    return;
  }
  if (bpf_program__type(Chosen) == BPF_PROG_TYPE_UNSPEC)
    bpf_program__set_type(Chosen, guessType(bpf_program__section_name(Chosen)));
  Type = bpf_program__type(Chosen);
  completeMaps(Object);
  std::string Log(1 << 20, '\0');
  bpf_program__set_log_buf(Chosen, Log.data(), Log.size());
  int Error = bpf_object__load(Object);
  if (Error == 0) {
    Result.Ok = true;
    return;
  }
  Log.resize(strlen(Log.c_str()));
  std::string Last;
  size_t At = 0;
  while (At < Log.size()) {
    size_t End = std::min(Log.find('\n', At), Log.size());
    if (Log.compare(At, 9, "processed") != 0 && End > At)
      Last = Log.substr(At, End - At);
    At = End + 1;
  }
  Result = {false, -Error, Last.empty() ? strerror(-Error) : Last};
}

bool KernelObject::takesPackets() const {
  return Type == BPF_PROG_TYPE_XDP || Type == BPF_PROG_TYPE_SCHED_CLS ||
         Type == BPF_PROG_TYPE_SCHED_ACT || Type == BPF_PROG_TYPE_SOCKET_FILTER;
}

TestRun KernelObject::run(const PacketBytes &Packet) const {
  TestRun R;
  R.Packet.resize(Packet.size() + 4096);
  bpf_test_run_opts Options = {};
  Options.sz = sizeof(Options);
  Options.data_in = Packet.data();
  Options.data_size_in = uint32_t(Packet.size());
  Options.data_out = R.Packet.data();
  Options.data_size_out = uint32_t(R.Packet.size());
  Options.repeat = 1;
  if (bpf_prog_test_run_opts(bpf_program__fd(Chosen), &Options) != 0)
    R.Error = errno;
  R.Return = Options.retval;
  R.Packet.resize(R.Error ? 0 : Options.data_size_out);
  return R;
}

std::map<std::string, std::vector<std::string>>
KernelObject::mapContents() const {
  std::map<std::string, std::vector<std::string>> Result;
  bpf_map *M;
  bpf_object__for_each_map(M, Object) {
    int Fd = bpf_map__fd(M);
    bpf_map_type Type = bpf_map__type(M);
    // Objects name .rodata by what the compiler put there.
    if (Fd < 0 || std::strstr(bpf_map__name(M), ".rodata") ||
        Type == BPF_MAP_TYPE_PROG_ARRAY ||
        Type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || Type == BPF_MAP_TYPE_RINGBUF)
      continue;
    size_t Value = bpf_map__value_size(M);
    if (Type == BPF_MAP_TYPE_PERCPU_ARRAY || Type == BPF_MAP_TYPE_PERCPU_HASH ||
        Type == BPF_MAP_TYPE_LRU_PERCPU_HASH)
      Value = (Value + 7) / 8 * 8 * size_t(libbpf_num_possible_cpus());
    std::vector<uint8_t> Key(bpf_map__key_size(M) + 8), Next(Key.size()),
        Bytes(Value + 8);
    auto &Entries = Result[bpf_map__name(M)];
    for (void *Previous = nullptr;
         bpf_map_get_next_key(Fd, Previous, Next.data()) == 0;
         Previous = Key.data()) {
      Key = Next;
      // An empty slot of an array with zeroes is of no interest.
      if (bpf_map_lookup_elem(Fd, Key.data(), Bytes.data()) == 0 &&
          std::any_of(Bytes.begin(), Bytes.end(), [](uint8_t B) { return B; }))
        Entries.push_back(hex(Key.data(), bpf_map__key_size(M)) + "=" +
                          hex(Bytes.data(), Value));
    }
    std::sort(Entries.begin(), Entries.end());
  }
  return Result;
}
