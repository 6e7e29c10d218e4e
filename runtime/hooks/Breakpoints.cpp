#include "runtime/hooks/Breakpoints.h"

#include "support/Diagnostic.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <sys/ptrace.h>

using namespace llvm;
using object::ELF64LEObjectFile;

namespace bpfcc {

constexpr uint8_t Int3 = 0xcc;

static Error missing(StringRef Path, const Twine &What) {
  return diagError(DiagCode::RunError, {}, ("`" + Path + "`: " + What).str());
}

/// The value of the function \p Name among \p Symbols.
template <class Range>
static std::optional<uint64_t> valueOf(StringRef Name, const Range &Symbols) {
  for (const object::ELFSymbolRef S : Symbols) {
    auto Found = S.getName();
    if (!Found) {
      consumeError(Found.takeError());
      continue;
    }
    // The dynamic table may add a version, as in malloc@@GLIBC_2.2.5.
    if (Found->split('@').first != Name || S.getELFType() != ELF::STT_FUNC)
      continue;
    auto Value = S.getValue();
    if (Value && *Value)
      return *Value;
    if (!Value)
      consumeError(Value.takeError());
  }
  return std::nullopt;
}

/// Where in the file \p Path the code of function \p Name lies.
static Expected<uint64_t> offsetOf(StringRef Path, StringRef Name) {
  auto File = object::ObjectFile::createObjectFile(Path);
  if (!File)
    return missing(Path, toString(File.takeError()));
  auto *Elf = dyn_cast<ELF64LEObjectFile>(File->getBinary());
  if (!Elf)
    return missing(Path, "is no 64-bit program of this machine");
  auto Value = valueOf(Name, Elf->symbols());
  if (!Value)
    Value = valueOf(Name, Elf->getDynamicSymbolIterators());
  if (!Value)
    return missing(Path, "holds no function `" + Name + "`");
  auto Segments = Elf->getELFFile().program_headers();
  if (!Segments)
    return missing(Path, toString(Segments.takeError()));
  for (const auto &S : *Segments)
    if (S.p_type == ELF::PT_LOAD && *Value >= S.p_vaddr &&
        *Value - S.p_vaddr < S.p_filesz)
      return *Value - S.p_vaddr + S.p_offset;
  return missing(Path, "function `" + Name + "` lies in no segment");
}

namespace {
/// A line of /proc/PID/maps: `start-end rights offset device inode path`.
struct Mapping {
  uint64_t Start = 0, End = 0, Offset = 0;
  bool Executable = false;
  StringRef Path;
};
} // namespace

static std::optional<Mapping> parseMapping(StringRef Line) {
  Mapping M;
  auto [Range, AfterRange] = Line.split(' ');
  auto [Rights, AfterRights] = AfterRange.split(' ');
  auto [Offset, Rest] = AfterRights.split(' ');
  auto [Start, End] = Range.split('-');
  if (Start.getAsInteger(16, M.Start) || End.getAsInteger(16, M.End) ||
      Offset.getAsInteger(16, M.Offset))
    return std::nullopt;
  M.Executable = Rights.contains('x');
  M.Path = Rest.substr(std::min(Rest.find('/'), Rest.size()));
  return M;
}

/// Whether \p Wanted, of a section's name, means the file \p Mapped: a path,
/// the command itself, or the name of a library without its folder.
static bool means(StringRef Wanted, StringRef Mapped, StringRef Command) {
  if (Wanted == "/proc/self/exe")
    return Mapped == Command;
  if (!Wanted.contains('/'))
    return Wanted == sys::path::filename(Mapped);
  SmallString<128> Real;
  return !sys::fs::real_path(Wanted, Real) && Real == Mapped;
}

Error Breakpoints::place(pid_t Thread, ArrayRef<Probe> Probes) {
  std::string Folder = "/proc/" + std::to_string(Thread);
  SmallString<128> Command;
  auto Maps = MemoryBuffer::getFileAsStream(Folder + "/maps");
  if (!Maps || sys::fs::real_path(Folder + "/exe", Command))
    return Error::success(); // the process was killed
  SmallVector<StringRef> Lines;
  (*Maps)->getBuffer().split(Lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef Line : Lines) {
    auto M = parseMapping(Line);
    if (!M || !M->Executable || M->Path.empty())
      continue;
    for (unsigned N = 0; N != Probes.size(); ++N) {
      const Probe &P = Probes[N];
      if (!P.isOfFunction() || !means(P.Path, M->Path, Command))
        continue;
      auto Offset = offsetOf(M->Path, P.Function);
      if (!Offset)
        return Offset.takeError();
      uint64_t Distance = *Offset + P.Offset - M->Offset;
      if (Distance >= M->End - M->Start)
        continue;
      Point *At = insert(Thread, M->Start + Distance);
      if (At && !is_contained(At->Probes, N))
        At->Probes.push_back(N);
    }
  }
  return Error::success();
}

SmallVector<unsigned, 2> Breakpoints::probesAt(uint64_t Address) const {
  auto It = Points.find(Address);
  return It == Points.end() ? SmallVector<unsigned, 2>() : It->second.Probes;
}

/// Replaces one byte of code and gives what was there.
static std::optional<uint8_t> exchange(pid_t Thread, uint64_t Address,
                                       uint8_t Byte) {
  errno = 0;
  long Word = ptrace(PTRACE_PEEKTEXT, Thread, Address, nullptr);
  if (errno)
    return std::nullopt;
  auto Old = uint8_t(Word);
  if (ptrace(PTRACE_POKETEXT, Thread, Address, (Word & ~0xffl) | Byte))
    return std::nullopt;
  return Old;
}

Breakpoints::Point *Breakpoints::insert(pid_t Thread, uint64_t Address) {
  auto It = Points.find(Address);
  if (It == Points.end()) {
    auto Old = exchange(Thread, Address, Int3);
    if (!Old)
      return nullptr;
    It = Points.insert({Address, {*Old, {}}}).first;
  }
  return &It->second;
}

void Breakpoints::lift(pid_t Thread, uint64_t Address) {
  exchange(Thread, Address, Points.at(Address).Instruction);
}

void Breakpoints::lower(pid_t Thread, uint64_t Address) {
  exchange(Thread, Address, Int3);
}

void Breakpoints::liftAll(pid_t Thread) {
  if (AllLifted)
    return;
  AllLifted = true;
  for (const auto &[Address, P] : Points)
    exchange(Thread, Address, P.Instruction);
}

} // namespace bpfcc
