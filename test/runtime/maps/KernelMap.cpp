#include "KernelMap.h"

#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bpfcc {

static int negative(long Result) { return Result < 0 ? -errno : int(Result); }

static int bpf(int Command, bpf_attr &Attr) {
  return negative(syscall(SYS_bpf, Command, &Attr, sizeof(Attr)));
}

static uint64_t address(const void *P) { return reinterpret_cast<uint64_t>(P); }

Descriptor::~Descriptor() {
  if (Fd >= 0)
    close(Fd);
}

void Objects::add(int Fd, uint64_t SeenAs) {
  if (Fd < 0)
    return;
  Fds.emplace_back(Fd);
  Put.push_back(uint64_t(Fd));
  Seen.push_back(SeenAs);
}

/// BTF with a 4-byte integer, type 1, and an 8-byte one, type 2.
static int loadIntegers() {
  struct {
    btf_header Header{BTF_MAGIC, 1, 0, sizeof(btf_header), 0, 32, 32, 3};
    struct {
      uint32_t Name, Info, Size, Bits;
    } Types[2]{{1, BTF_KIND_INT << 24, 4, 32}, {1, BTF_KIND_INT << 24, 8, 64}};
    char Strings[3]{'\0', 'n', '\0'};
  } Blob;
  bpf_attr A{};
  A.btf = address(&Blob);
  A.btf_size = offsetof(decltype(Blob), Strings) + sizeof(Blob.Strings);
  return bpf(BPF_BTF_LOAD, A);
}

static bool isStorage(uint32_t Type) {
  return Type == BPF_MAP_TYPE_SK_STORAGE || Type == BPF_MAP_TYPE_TASK_STORAGE ||
         Type == BPF_MAP_TYPE_INODE_STORAGE || Type == CgrpStorageType;
}

static int createMap(const MapDef &D) {
  bpf_attr A{};
  A.map_type = D.Type;
  A.key_size = D.KeySize;
  A.value_size = D.ValueSize;
  A.max_entries = D.MaxEntries;
  A.map_flags = D.Flags;
  A.map_extra = D.Extra;
  if (D.Type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
      D.Type == BPF_MAP_TYPE_HASH_OF_MAPS) {
    Objects Inner = innerMaps();
    if (Inner.Fds.empty())
      return -EPERM;
    A.inner_map_fd = uint32_t(Inner.Fds[0].get());
    return bpf(BPF_MAP_CREATE, A);
  }
  if (isStorage(D.Type)) {
    Descriptor Btf(loadIntegers());
    A.btf_fd = uint32_t(Btf.get());
    A.btf_key_type_id = 1;
    A.btf_value_type_id = D.ValueSize == 8 ? 2 : 1;
    return bpf(BPF_MAP_CREATE, A);
  }
  return bpf(BPF_MAP_CREATE, A);
}

KernelMap::KernelMap(const MapDef &D) : Fd(bpfcc::createMap(D)) {}

int KernelMap::element(int Command, const void *Key, const void *Value,
                       uint64_t Flags) const {
  bpf_attr A{};
  A.map_fd = uint32_t(Fd.get());
  A.key = address(Key);
  A.value = address(Value);
  A.flags = Flags;
  return bpf(Command, A);
}

int KernelMap::lookup(const void *Key, void *Value) const {
  return element(BPF_MAP_LOOKUP_ELEM, Key, Value);
}
int KernelMap::update(const void *Key, const void *Value,
                      uint64_t Flags) const {
  return element(BPF_MAP_UPDATE_ELEM, Key, Value, Flags);
}
int KernelMap::erase(const void *Key) const {
  return element(BPF_MAP_DELETE_ELEM, Key, nullptr);
}
int KernelMap::nextKey(const void *Key, void *Next) const {
  return element(BPF_MAP_GET_NEXT_KEY, Key, Next);
}
int KernelMap::take(const void *Key, void *Value) const {
  return element(BPF_MAP_LOOKUP_AND_DELETE_ELEM, Key, Value);
}

/// The id of a program or a map: the second word of its information.
static uint64_t idOf(int Fd) {
  uint32_t Info[64] = {};
  bpf_attr A{};
  A.info.bpf_fd = uint32_t(Fd);
  A.info.info = address(Info);
  A.info.info_len = sizeof(Info);
  return bpf(BPF_OBJ_GET_INFO_BY_FD, A) < 0 ? 0 : Info[1];
}

Objects programs() {
  const bpf_insn Code[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                           {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  bpf_attr A{};
  A.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  A.insns = address(Code);
  A.insn_cnt = std::size(Code);
  A.license = address("GPL");
  Objects O;
  for (int I = 0; I != 3; ++I) {
    int Fd = bpf(BPF_PROG_LOAD, A);
    O.add(Fd, idOf(Fd));
  }
  return O;
}

Objects innerMaps() {
  bpf_attr A{};
  A.map_type = BPF_MAP_TYPE_ARRAY;
  A.key_size = A.value_size = 4;
  A.max_entries = 1;
  Objects O;
  for (int I = 0; I != 3; ++I) {
    int Fd = bpf(BPF_MAP_CREATE, A);
    O.add(Fd, idOf(Fd));
  }
  return O;
}

Objects interfaces() {
  Objects O;
  O.Put.push_back(0);
  if (auto *All = if_nameindex()) {
    for (auto *I = All; I->if_index; ++I)
      O.Put.push_back(I->if_index);
    if_freenameindex(All);
  }
  O.Seen = O.Put;
  return O;
}

Objects queueSizes() {
  Objects O;
  O.Put = O.Seen = {20000, 16384, 192, 8, 0};
  return O;
}

Objects perfEvents() {
  perf_event_attr A{};
  A.size = sizeof(A);
  A.type = PERF_TYPE_SOFTWARE;
  A.config = PERF_COUNT_SW_BPF_OUTPUT;
  A.sample_type = PERF_SAMPLE_RAW;
  Objects O;
  for (int I = 0; I != 3; ++I)
    O.add(negative(syscall(SYS_perf_event_open, &A, -1, 0, -1, 0)), 0);
  return O;
}

Objects cgroups() {
  Objects O;
  for (const char *Path :
       {"/sys/fs/cgroup/unified", "/sys/fs/cgroup", "/mnt/cgroup2"})
    if (access((std::string(Path) + "/cgroup.controllers").c_str(), R_OK) == 0)
      O.add(open(Path, O_RDONLY | O_DIRECTORY), 0);
  return O;
}

Objects udpSockets() {
  Objects O;
  for (int I = 0; I != 4; ++I) {
    int Fd = socket(AF_INET, SOCK_DGRAM, 0), On = 1;
    setsockopt(Fd, SOL_SOCKET, SO_REUSEPORT, &On, sizeof(On));
    sockaddr_in Any{};
    Any.sin_family = AF_INET;
    bind(Fd, reinterpret_cast<sockaddr *>(&Any), sizeof(Any));
    uint64_t Cookie = 0;
    socklen_t Size = sizeof(Cookie);
    getsockopt(Fd, SOL_SOCKET, SO_COOKIE, &Cookie, &Size);
    O.add(Fd, Cookie);
  }
  return O;
}

Objects xdpSockets() {
  Objects O;
  for (int I = 0; I != 3; ++I)
    O.add(socket(AF_XDP, SOCK_RAW, 0), 0);
  return O;
}

Objects tasks() {
  Objects O;
  O.add(negative(syscall(SYS_pidfd_open, getpid(), 0)), 0);
  O.add(negative(syscall(SYS_pidfd_open, getppid(), 0)), 0);
  return O;
}

Objects files() {
  Objects O;
  for (const char *Path : {"/", "/etc", "/proc/self/exe"})
    O.add(open(Path, O_RDONLY), 0);
  return O;
}

unsigned possibleCpus() {
  std::ifstream File("/sys/devices/system/cpu/possible");
  std::string Range;
  File >> Range;
  return unsigned(std::stoul(Range.substr(Range.find_last_of("-,") + 1))) + 1;
}

bool isBpfRefused() {
  MapDef D;
  D.Type = BPF_MAP_TYPE_ARRAY;
  D.KeySize = D.ValueSize = 4;
  D.MaxEntries = 1;
  return KernelMap(D).error() != 0;
}

} // namespace bpfcc
