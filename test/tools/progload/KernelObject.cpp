#include "KernelObject.h"

#include "LegacyObject.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cerrno>
#include <cstring>
#include <unistd.h>

using namespace bpfcc;

/// Reads the records of one perf event array or ring buffer.
struct KernelObject::Reader {
  std::string Map;
  std::vector<std::string> Records;
  perf_buffer *Perf = nullptr;
  ring_buffer *Ring = nullptr;

  explicit Reader(std::string Name) : Map(std::move(Name)) {}
  ~Reader() {
    perf_buffer__free(Perf);
    ring_buffer__free(Ring);
  }
  static void perfRecord(void *Self, int, void *Data, __u32 Size) {
    ringRecord(Self, Data, Size);
  }
  static int ringRecord(void *Self, void *Data, size_t Size) {
    static_cast<Reader *>(Self)->Records.push_back(
        hex(static_cast<uint8_t *>(Data), Size));
    return 0;
  }
  void read() {
    if (Perf)
      perf_buffer__consume(Perf);
    if (Ring)
      ring_buffer__consume(Ring);
  }
};

bpf_prog_type bpfcc::guessType(const std::string &Section,
                               const std::string &Program) {
  std::string Names = Section + " " + Program;
  auto has = [&](const char *Part) {
    return Names.find(Part) != std::string::npos;
  };
  if (has("xdp"))
    return BPF_PROG_TYPE_XDP;
  if (has("len_hist"))
    return BPF_PROG_TYPE_LWT_OUT;
  if (has("tc") || has("cls") || has("classifier") || has("gress") ||
      has("redirect") || has("tun"))
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
    return legacyPrograms(File);
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
    if (bpf_map__max_entries(M) == 0 && !hasNoSize(bpf_map__type(M)))
      bpf_map__set_max_entries(M, 64);
  }
}

static bool hasProgArray(bpf_object *O) {
  bpf_map *M;
  bpf_object__for_each_map(M, O) if (bpf_map__type(M) ==
                                     BPF_MAP_TYPE_PROG_ARRAY) return true;
  return false;
}

KernelObject::KernelObject(const std::string &File, const std::string &Name) {
  if (!open(File, Name)) {
    if (!Object)
      loadLegacy(File, Name);
    return;
  }
  bool TailCalls = hasProgArray(Object);
  load(TailCalls);
  // Another program of the object may be the one that does not load.
  if (!Result.Ok && TailCalls) {
    close();
    if (open(File, Name))
      load(false);
  }
  if (Result.Ok) {
    fillProgArrays();
    openEvents();
  }
}

void KernelObject::close() {
  Readers.clear();
  if (!Object) { // what loadLegacy opened
    for (const KernelMap &M : Maps)
      ::close(M.Fd);
    if (ProgFd >= 0)
      ::close(ProgFd);
  }
  Maps.clear();
  ProgFd = -1;
  bpf_object__close(Object);
  Object = nullptr;
  Chosen = nullptr;
  Result = {};
}

KernelObject::~KernelObject() { close(); }

bool KernelObject::open(const std::string &File, const std::string &Name) {
  Object = bpf_object__open_file(File.c_str(), nullptr);
  if (!Object) {
    Result = {false, errno, "libbpf cannot open the object", ""};
    return false;
  }
  bpf_program *P;
  bpf_object__for_each_program(P, Object) {
    if (bpf_program__type(P) == BPF_PROG_TYPE_UNSPEC)
      bpf_program__set_type(
          P, guessType(bpf_program__section_name(P), bpf_program__name(P)));
    if (Name == bpf_program__name(P))
      Chosen = P;
  }
  if (!Chosen) {
    Result = {false, ENOENT, "no such program", ""};
    return false;
  }
  Type = bpf_program__type(Chosen);
  return true;
}

void KernelObject::load(bool WithTailCalls) {
  bpf_program *P;
  bpf_object__for_each_program(P, Object) bpf_program__set_autoload(
      P, P == Chosen || (WithTailCalls && bpf_program__type(P) == Type));
  completeMaps(Object);
  std::string Log(16 << 20, '\0');
  bpf_program__set_log_buf(Chosen, Log.data(), Log.size());
  judge(bpf_object__load(Object), std::move(Log));
  if (!Result.Ok)
    return;
  ProgFd = bpf_program__fd(Chosen);
  bpf_map *M;
  bpf_object__for_each_map(M, Object) {
    std::string Name = bpf_map__name(M); // `firewall.bss`
    if (bpf_map__is_internal(M))
      Name = Name.substr(std::min(Name.find('.'), Name.size()));
    if (bpf_map__fd(M) >= 0)
      Maps.push_back({Name, bpf_map__fd(M), bpf_map__type(M),
                      bpf_map__key_size(M), bpf_map__value_size(M)});
  }
}

/// Sets Result to what loading gave: 0, or a negative errno.
void KernelObject::judge(int Error, std::string Log) {
  if (Error == 0) {
    Result.Ok = true;
    return;
  }
  Log.resize(strlen(Log.c_str()));
  std::string Last;
  for (size_t At = 0; At < Log.size();) {
    size_t End = std::min(Log.find('\n', At), Log.size());
    if (Log.compare(At, 9, "processed") != 0 && End > At)
      Last = Log.substr(At, End - At);
    At = End + 1;
  }
  Result = {false, -Error, Last.empty() ? strerror(-Error) : Last, Log};
}

/// The samples' loaders put the program of section `x/7` into slot 7.
void KernelObject::fillProgArrays() {
  bpf_map *M;
  bpf_object__for_each_map(M, Object) {
    if (bpf_map__type(M) != BPF_MAP_TYPE_PROG_ARRAY)
      continue;
    bpf_program *P;
    bpf_object__for_each_program(P, Object) {
      std::string Section = bpf_program__section_name(P);
      size_t Slash = Section.rfind('/');
      int Fd = bpf_program__fd(P);
      if (Fd < 0 || Slash == std::string::npos || Slash + 1 == Section.size() ||
          !std::all_of(
              Section.begin() + long(Slash) + 1, Section.end(),
              [](char C) { return C >= '0' && C <= '9'; }))
        continue;
      uint32_t Index = uint32_t(std::stoul(Section.substr(Slash + 1)));
      if (bpf_map_update_elem(bpf_map__fd(M), &Index, &Fd, 0) == 0)
        Slots.push_back({bpf_map__name(M), Index, bpf_program__name(P)});
    }
  }
}

void KernelObject::openEvents() {
  // Never so full that records are lost or that one lies where another lay:
  // the kernel leaves the padding after a record as it is.
  constexpr size_t PerfPages = 512;
  for (const KernelMap &M : Maps) {
    if (M.Type != BPF_MAP_TYPE_PERF_EVENT_ARRAY &&
        M.Type != BPF_MAP_TYPE_RINGBUF)
      continue;
    auto R = std::make_unique<Reader>(M.Name);
    if (M.Type == BPF_MAP_TYPE_RINGBUF)
      R->Ring = ring_buffer__new(M.Fd, Reader::ringRecord, R.get(), nullptr);
    else
      R->Perf = perf_buffer__new(M.Fd, PerfPages, Reader::perfRecord, nullptr,
                                 R.get(), nullptr);
    Readers.push_back(std::move(R));
  }
}

bool KernelObject::takesPackets() const {
  return Type == BPF_PROG_TYPE_XDP || Type == BPF_PROG_TYPE_SCHED_CLS ||
         Type == BPF_PROG_TYPE_SCHED_ACT ||
         Type == BPF_PROG_TYPE_SOCKET_FILTER ||
         Type == BPF_PROG_TYPE_CGROUP_SKB || Type == BPF_PROG_TYPE_LWT_IN ||
         Type == BPF_PROG_TYPE_LWT_OUT || Type == BPF_PROG_TYPE_LWT_XMIT;
}

TestRun KernelObject::run(const PacketBytes &Packet) {
  constexpr size_t MostBytes = 1 << 17;
  constexpr size_t LinkHeader = 14;
  Out.resize(MostBytes);
  bpf_test_run_opts Options = {};
  Options.sz = sizeof(Options);
  Options.data_in = Packet.data();
  Options.data_size_in = uint32_t(Packet.size());
  Options.data_out = Out.data();
  Options.data_size_out = uint32_t(Out.size());
  Options.repeat = 1;
  TestRun R;
  if (bpf_prog_test_run_opts(ProgFd, &Options) != 0) {
    R.Failure = strerror(errno);
    return R;
  }
  for (auto &Events : Readers)
    Events->read();
  R.Return = Options.retval;
  // A program that does not see the link header gets zeroes pushed there.
  bool SeesLink = Type == BPF_PROG_TYPE_XDP ||
                  Type == BPF_PROG_TYPE_SCHED_CLS ||
                  Type == BPF_PROG_TYPE_SCHED_ACT;
  size_t Skip =
      SeesLink ? 0 : std::min<size_t>(LinkHeader, Options.data_size_out);
  R.Packet.assign(Out.begin() + long(Skip),
                  Out.begin() + long(Options.data_size_out));
  return R;
}

void KernelObject::addEntries(const KernelMap &M, Contents &To) const {
  size_t Cpus = size_t(libbpf_num_possible_cpus());
  std::vector<uint8_t> Key(M.KeySize), Next(M.KeySize),
      Bytes((M.ValueSize + 8) * Cpus);
  auto &Entries = To["map " + M.Name];
  if (M.Type == BPF_MAP_TYPE_QUEUE || M.Type == BPF_MAP_TYPE_STACK) {
    while (bpf_map_lookup_and_delete_elem(M.Fd, nullptr, Bytes.data()) == 0)
      Entries.push_back(hex(Bytes.data(), M.ValueSize));
    return;
  }
  if (!isPlain(M.Type))
    return;
  for (void *Previous = nullptr;
       bpf_map_get_next_key(M.Fd, Previous, Next.data()) == 0;
       Previous = Key.data()) {
    Key = Next;
    if (bpf_map_lookup_elem(M.Fd, Key.data(), Bytes.data()) == 0)
      if (auto Text = entryText(M.Type, Key, Bytes.data(), M.ValueSize, Cpus))
        Entries.push_back(*Text);
  }
  std::sort(Entries.begin(), Entries.end());
}

Contents KernelObject::contents() {
  Contents Result;
  for (const KernelMap &M : Maps) {
    if (M.Name[0] != '.') {
      addEntries(M, Result);
      continue;
    }
    std::vector<uint8_t> Bytes(M.ValueSize);
    uint32_t Zero = 0;
    if (bpf_map_lookup_elem(M.Fd, &Zero, Bytes.data()) == 0)
      addVariables(types(), M.Name, Bytes, Result);
  }
  for (auto &R : Readers)
    Result["events " + R->Map] = R->Records;
  return Result;
}

void KernelObject::set(const MapEntry &E) {
  for (const KernelMap &M : Maps) {
    if (M.Name != E.Map || E.Key.size() != M.KeySize ||
        E.Value.size() != M.ValueSize)
      continue;
    std::vector<uint8_t> Bytes(E.Value);
    if (isPerCpu(M.Type))
      Bytes.resize((M.ValueSize + 7) / 8 * 8 *
                   size_t(libbpf_num_possible_cpus()));
    bpf_map_update_elem(M.Fd, E.Key.data(), Bytes.data(), 0);
  }
}
