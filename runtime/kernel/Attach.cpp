// Loads an object by libbpf and attaches its programs.
//
// Needs an object and where to attach it; gives links. Most kinds attach as
// their section says (`raw_tp/sched_process_exec`), which libbpf knows. Those
// that need an interface or a cgroup get their link here; socket filters get a
// packet socket, programs of perf events a clock on each processor. All are
// file descriptors and are never pinned: the kernel detaches them when the
// process ends, also when it is killed.
//
// libbpf is that of Debian 12, which does not know tcx. Its link is made by
// bpf_link_create, with the number that backend/target/sections.def gives.

#include "runtime/kernel/Attach.h"

#include "backend/target/MapTypes.h"
#include "backend/target/ProgTypes.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstring>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace llvm;

namespace bpfcc {

/// libbpf's callback takes no argument, so what it says is kept by thread.
static std::string &libbpfLog() {
  thread_local std::string Log;
  return Log;
}

static int keepLog(libbpf_print_level Level, const char *Format,
                   va_list Values) {
  if (Level != LIBBPF_WARN)
    return 0;
  va_list Again;
  va_copy(Again, Values);
  int Size = vsnprintf(nullptr, 0, Format, Again);
  va_end(Again);
  std::string Text(Size > 0 ? Size + 1 : 1, '\0');
  vsnprintf(Text.data(), Text.size(), Format, Values);
  Text.pop_back();
  libbpfLog() += Text;
  return 0;
}

/// The end of libbpf's log, where the verifier says why.
static std::string lastLines() {
  constexpr size_t Kept = 12;
  SmallVector<StringRef> Lines;
  StringRef(libbpfLog()).split(Lines, '\n', -1, /*KeepEmpty=*/false);
  ArrayRef<StringRef> End = Lines;
  return join(End.take_back(Kept), "\n  ");
}

static Error refused(const Twine &What, int Error) {
  std::string Log = lastLines();
  llvm::Error E = diagError(DiagCode::KernelRefuses, {}, What.str(),
                            std::strerror(Error) +
                                (Log.empty() ? std::string() : "\n  " + Log));
  libbpfLog().clear();
  StringRef Help = "`bpfcc doctor` says what this kernel takes";
  if (Error == EPERM)
    Help = "run as root, with CAP_BPF";
  else if (Error == EOPNOTSUPP)
    Help = "its section does not say where; a program of your own can attach "
           "it by libbpf";
  return withHelp(std::move(E), Help.str());
}

namespace {
/// Of a ring buffer or of the perf buffers of all processors.
struct EventReader {
  KernelObject::EventHandler Handler;
  ring_buffer *Ring = nullptr;
  perf_buffer *Perf = nullptr;
};
} // namespace

struct KernelObject::State {
  AttachOptions Options;
  bpf_object *Object = nullptr;
  std::vector<bpf_link *> Links;
  std::vector<int> LinkFds;
  std::vector<int> Sockets;
  std::vector<bpf_link *> Iterators; ///< some of Links
  std::vector<std::unique_ptr<EventReader>> Readers;
  std::vector<Attached> Done;

  ~State() {
    for (bpf_link *L : Links)
      bpf_link__destroy(L);
    for (int Fd : LinkFds)
      close(Fd);
    for (int Fd : Sockets)
      close(Fd);
    for (auto &R : Readers) {
      ring_buffer__free(R->Ring);
      perf_buffer__free(R->Perf);
    }
    bpf_object__close(Object);
  }

  Expected<int> interface(StringRef Prog) {
    if (Options.Iface.empty())
      return diagError(DiagCode::RunError, {},
                       "`" + Prog + "` is attached to an interface: name it " +
                           "by --iface");
    int Index = int(if_nametoindex(Options.Iface.c_str()));
    if (!Index)
      return diagError(DiagCode::RunError, {},
                       "there is no interface `" + Options.Iface + "`");
    return Index;
  }
  Error keep(bpf_link *L, StringRef Prog) {
    int Error = errno;
    if (!L)
      return refused("attaching `" + Prog + "`", Error);
    Links.push_back(L);
    return Error::success();
  }
  Error attachTcx(bpf_program *P);
  Error attachCgroup(bpf_program *P);
  Error attachSocket(bpf_program *P);
  Error attachSampler(bpf_program *P);
  Error attach(bpf_program *P);
};

KernelObject::KernelObject(std::unique_ptr<State> S) : S(std::move(S)) {}
KernelObject::~KernelObject() = default;

Expected<std::unique_ptr<KernelObject>>
KernelObject::load(StringRef File, ArrayRef<uint8_t> Bytes,
                   const AttachOptions &Options) {
  libbpf_set_print(keepLog);
  libbpfLog().clear();
  auto S = std::make_unique<State>();
  S->Options = Options;
  std::string Kconfig;
  for (const auto &[Name, Value] : Options.Kconfig)
    Kconfig += Name + "=" + Value + "\n";
  bpf_object_open_opts Open{};
  Open.sz = sizeof Open;
  Open.kconfig = Kconfig.c_str();
  S->Object = bpf_object__open_mem(Bytes.data(), Bytes.size(), &Open);
  if (!S->Object)
    return refused("opening `" + File + "`", errno);
  bpf_program *P;
  bpf_object__for_each_program(P, S->Object) {
    if (!Options.Prog.empty())
      bpf_program__set_autoload(P, Options.Prog == bpf_program__name(P));
    if (bpf_program__type(P) == BPF_PROG_TYPE_UNSPEC)
      bpf_program__set_type(P, bpf_prog_type(target::progTypeForSection(
                                   bpf_program__section_name(P))));
  }
  if (int Result = bpf_object__load(S->Object))
    return refused("loading `" + File + "`", -Result);
  return std::unique_ptr<KernelObject>(new KernelObject(std::move(S)));
}

Error KernelObject::State::attachTcx(bpf_program *P) {
  auto Index = interface(bpf_program__name(P));
  if (!Index)
    return Index.takeError();
  const target::SectionInfo *Row =
      target::sectionInfo(bpf_program__section_name(P));
  if (!Row || !Row->AttachType)
    Row = target::sectionInfo("tcx/ingress");
  int Fd = bpf_link_create(bpf_program__fd(P), *Index,
                           bpf_attach_type(Row->AttachType), nullptr);
  if (Fd < 0)
    return refused(Twine("attaching `") + bpf_program__name(P) + "`", -Fd);
  LinkFds.push_back(Fd);
  return Error::success();
}

Error KernelObject::State::attachCgroup(bpf_program *P) {
  if (Options.Cgroup.empty())
    return diagError(
        DiagCode::RunError, {},
        Twine("`") + bpf_program__name(P) +
            "` is attached to a cgroup: name its folder by --cgroup");
  int Folder = open(Options.Cgroup.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (Folder < 0)
    return diagError(DiagCode::CannotOpen, {}, Options.Cgroup,
                     std::strerror(errno));
  bpf_link *L = bpf_program__attach_cgroup(P, Folder);
  Error E = keep(L, bpf_program__name(P));
  close(Folder);
  return E;
}

/// A packet socket of its own, which nobody reads: the filter sees what comes
/// and goes all the same.
Error KernelObject::State::attachSocket(bpf_program *P) {
  StringRef Name = bpf_program__name(P);
  auto Index = interface(Name);
  if (!Index)
    return Index.takeError();
  int Socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (Socket < 0)
    return refused("opening a packet socket for `" + Name + "`", errno);
  Sockets.push_back(Socket);
  int Fd = bpf_program__fd(P);
  sockaddr_ll Address{};
  Address.sll_family = AF_PACKET;
  Address.sll_protocol = htons(ETH_P_ALL);
  Address.sll_ifindex = *Index;
  if (setsockopt(Socket, SOL_SOCKET, SO_ATTACH_BPF, &Fd, sizeof Fd) ||
      bind(Socket, reinterpret_cast<sockaddr *>(&Address), sizeof Address))
    return refused("attaching `" + Name + "`", errno);
  return Error::success();
}

/// Runs \p P so many times a second on each processor that is busy.
Error KernelObject::State::attachSampler(bpf_program *P) {
  constexpr uint64_t Frequency = 99; // not in step with what others do
  perf_event_attr What{};
  What.type = PERF_TYPE_SOFTWARE;
  What.size = sizeof What;
  What.config = PERF_COUNT_SW_CPU_CLOCK;
  What.sample_freq = Frequency;
  What.freq = 1;
  for (int Cpu = 0; Cpu != libbpf_num_possible_cpus(); ++Cpu) {
    long Event =
        syscall(SYS_perf_event_open, &What, -1, Cpu, -1, PERF_FLAG_FD_CLOEXEC);
    if (Event < 0 && (errno == ENODEV || errno == EINVAL))
      continue; // a processor that is not there
    if (Event < 0)
      return refused(Twine("sampling for `") + bpf_program__name(P) + "`",
                     errno);
    bpf_link *L = bpf_program__attach_perf_event(P, int(Event));
    int Error = errno;
    if (!L) {
      close(int(Event));
      errno = Error;
    }
    if (llvm::Error E = keep(L, bpf_program__name(P)))
      return E;
  }
  return Error::success();
}

Error KernelObject::State::attach(bpf_program *P) {
  StringRef Name = bpf_program__name(P);
  switch (bpf_program__type(P)) {
  case BPF_PROG_TYPE_XDP: {
    auto Index = interface(Name);
    if (!Index)
      return Index.takeError();
    return keep(bpf_program__attach_xdp(P, *Index), Name);
  }
  case BPF_PROG_TYPE_SCHED_CLS:
    return attachTcx(P);
  case BPF_PROG_TYPE_SOCKET_FILTER:
    return attachSocket(P);
  case BPF_PROG_TYPE_PERF_EVENT:
    return attachSampler(P);
  case BPF_PROG_TYPE_CGROUP_SKB:
  case BPF_PROG_TYPE_CGROUP_SOCK:
  case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
  case BPF_PROG_TYPE_CGROUP_SOCKOPT:
  case BPF_PROG_TYPE_CGROUP_SYSCTL:
  case BPF_PROG_TYPE_CGROUP_DEVICE:
  case BPF_PROG_TYPE_SOCK_OPS:
    return attachCgroup(P);
  case BPF_PROG_TYPE_SK_LOOKUP: {
    int Net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (Net < 0)
      return diagError(DiagCode::CannotOpen, {}, "/proc/self/ns/net",
                       std::strerror(errno));
    Error E = keep(bpf_program__attach_netns(P, Net), Name);
    close(Net);
    return E;
  }
  default:
    break;
  }
  if (Error E = keep(bpf_program__attach(P), Name))
    return E;
  if (bpf_program__expected_attach_type(P) == BPF_TRACE_ITER)
    Iterators.push_back(Links.back());
  return Error::success();
}

Error KernelObject::attach() {
  bpf_program *P;
  bpf_object__for_each_program(P, S->Object) {
    if (!bpf_program__autoload(P) ||
        bpf_program__type(P) == BPF_PROG_TYPE_STRUCT_OPS)
      continue;
    if (Error E = S->attach(P))
      return E;
    S->Done.push_back({bpf_program__name(P), bpf_program__section_name(P)});
  }
  bpf_map *M;
  bpf_object__for_each_map(M, S->Object) {
    if (bpf_map__type(M) != BPF_MAP_TYPE_STRUCT_OPS)
      continue;
    if (Error E = S->keep(bpf_map__attach_struct_ops(M), bpf_map__name(M)))
      return E;
    S->Done.push_back({bpf_map__name(M), "struct_ops"});
  }
  return Error::success();
}

const std::vector<KernelObject::Attached> &KernelObject::attached() const {
  return S->Done;
}

int KernelObject::mapFd(StringRef Name) const {
  bpf_map *M = bpf_object__find_map_by_name(S->Object, Name.str().c_str());
  return M ? bpf_map__fd(M) : -1;
}

int KernelObject::progFd(StringRef Name) const {
  bpf_program *P =
      bpf_object__find_program_by_name(S->Object, Name.str().c_str());
  return P ? bpf_program__fd(P) : -1;
}

size_t KernelObject::valueSize(StringRef Name) const {
  bpf_map *M = bpf_object__find_map_by_name(S->Object, Name.str().c_str());
  if (!M)
    return 0;
  if (!target::isPerCpu(bpf_map__type(M)))
    return bpf_map__value_size(M);
  return alignTo(bpf_map__value_size(M), 8) * libbpf_num_possible_cpus();
}

Expected<bool>
KernelObject::runIterators(function_ref<void(StringRef)> Handler) {
  for (bpf_link *L : S->Iterators) {
    int File = bpf_iter_create(bpf_link__fd(L));
    if (File < 0)
      return refused("running an iterator", -File);
    char Text[4096];
    ssize_t Size;
    while ((Size = read(File, Text, sizeof(Text))) > 0)
      Handler(StringRef(Text, size_t(Size)));
    int Problem = errno;
    close(File);
    if (Size < 0)
      return refused("running an iterator", Problem);
  }
  return S->Iterators.size() < S->Done.size();
}

static int handOn(void *Reader, void *Bytes, size_t Size) {
  static_cast<EventReader *>(Reader)->Handler(
      ArrayRef(static_cast<const uint8_t *>(Bytes), Size));
  return 0;
}

static void handOnPerf(void *Reader, int, void *Bytes, unsigned Size) {
  handOn(Reader, Bytes, Size);
}

Error KernelObject::readEvents(StringRef Map, EventHandler Handler) {
  constexpr size_t Pages = 64; // for each processor
  auto R = std::make_unique<EventReader>();
  R->Handler = std::move(Handler);
  int Fd = mapFd(Map);
  bpf_map *M = bpf_object__find_map_by_name(S->Object, Map.str().c_str());
  if (M && bpf_map__type(M) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
    R->Perf =
        perf_buffer__new(Fd, Pages, handOnPerf, nullptr, R.get(), nullptr);
  else
    R->Ring = ring_buffer__new(Fd, handOn, R.get(), nullptr);
  if (!R->Ring && !R->Perf)
    return refused("reading the events of `" + Map + "`", errno);
  S->Readers.push_back(std::move(R));
  return Error::success();
}

void KernelObject::pollEvents() {
  for (auto &R : S->Readers)
    R->Ring ? ring_buffer__consume(R->Ring) : perf_buffer__consume(R->Perf);
}

} // namespace bpfcc
