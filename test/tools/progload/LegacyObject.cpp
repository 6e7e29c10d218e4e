// Objects with `struct bpf_map_def` or `struct bpf_elf_map` in section `maps`:
// read by our loader, then given to the kernel without libbpf's help.

#include "LegacyObject.h"

#include "UserObject.h"
#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>

using namespace bpfcc;

std::vector<ProgramName> bpfcc::legacyPrograms(const std::string &File) {
  auto P = readProgram(File);
  if (!P) {
    llvm::consumeError(P.takeError());
    return {};
  }
  std::vector<ProgramName> Names;
  for (const Subprog &S : P->Subprogs)
    if (S.IsProgram)
      Names.push_back({S.Name, S.Section});
  return Names;
}

/// A descriptor, or a negative errno.
static int createKernelMap(const MapDef &D) {
  bpf_map_create_opts Options = {};
  Options.sz = sizeof(Options);
  Options.map_flags = D.Flags;
  int Fd = bpf_map_create(bpf_map_type(D.Type), nullptr, D.KeySize, D.ValueSize,
                          D.MaxEntries, &Options);
  return Fd < 0 ? -errno : Fd;
}

/// The bytes of \p S with descriptors for map numbers; empty if it is more
/// than these old objects hold: one function, maps, helpers.
static llvm::SmallVector<uint8_t, 0>
encodeWithMaps(const Subprog &S, const std::vector<KernelMap> &Maps) {
  llvm::SmallVector<uint8_t, 0> Bytes;
  for (isa::Inst I : S.Insts) {
    switch (I.Opcode) {
    case isa::Op::LD_MAP_FD:
      I.Imm = Maps[size_t(I.Imm)].Fd;
      break;
    case isa::Op::LD_MAP_VALUE:
      I.Imm = (I.Imm >> 32 << 32) | Maps[uint32_t(I.Imm)].Fd;
      break;
    case isa::Op::LD_FUNC:
    case isa::Op::LD_BTF_ID:
    case isa::Op::CALL_SUBPROG:
    case isa::Op::CALL_KFUNC:
      return {};
    default:
      break;
    }
    isa::encode(I, /*BigEndian=*/false, Bytes);
  }
  return Bytes;
}

void KernelObject::loadLegacy(const std::string &File,
                              const std::string &Name) {
  auto P = readProgram(File);
  if (!P) {
    Result = {false, EINVAL, takeMessages(P.takeError()), ""};
    return;
  }
  uint32_t Entry = findSubprog(*P, Name);
  if (Entry == ~0u) {
    Result = {false, ENOENT, "no such program", ""};
    return;
  }
  for (const MapDef &D : P->Maps) {
    int Fd = createKernelMap(D);
    if (Fd < 0) {
      Result = {false, -Fd, "map " + D.Name + ": " + strerror(-Fd), ""};
      return;
    }
    Maps.push_back({D.Name, Fd, bpf_map_type(D.Type), D.KeySize, D.ValueSize});
  }
  for (const bpfcc::Program::InitialValue &V : P->Initial)
    bpf_map_update_elem(Maps[V.Map].Fd, V.Key.data(), V.Value.data(), 0);
  const Subprog &S = P->Subprogs[Entry];
  Type = guessType(S.Section, S.Name);
  auto Bytes = encodeWithMaps(S, Maps);
  if (Bytes.empty()) {
    Result = {false, ENOTSUP, "it has subprograms, which need libbpf", ""};
    return;
  }
  std::string Log(16 << 20, '\0');
  bpf_prog_load_opts Options = {};
  Options.sz = sizeof(Options);
  Options.log_level = 1;
  Options.log_size = uint32_t(Log.size());
  Options.log_buf = Log.data();
  ProgFd = bpf_prog_load(Type, Name.substr(0, 15).c_str(), P->License.c_str(),
                         reinterpret_cast<const bpf_insn *>(Bytes.data()),
                         Bytes.size() / sizeof(bpf_insn), &Options);
  judge(ProgFd < 0 ? -errno : 0, std::move(Log));
  if (Result.Ok)
    openEvents();
}
