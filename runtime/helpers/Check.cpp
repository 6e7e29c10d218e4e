#include "runtime/helpers/Call.h"
#include "support/Diagnostic.h"

using namespace llvm;
using bpfcc::target::ArgKind;

namespace bpfcc {

/// The verifier refuses sizes from here on.
constexpr uint64_t MaxSize = 1ull << 29;

Error Call::error(const Twine &What) const {
  return diagError(DiagCode::RunError, {},
                   (Twine(Helper.Name) + ": " + What).str());
}

namespace {

enum Use { Read, Write, ReadWrite };

/// Checks one argument at a time.
class Checker {
public:
  explicit Checker(Call &C) : C(C) {}

  Error check(unsigned N) {
    uint64_t V = C.R[N];
    switch (C.Helper.Args[N]) {
    case ArgKind::Map:
      C.MapNumber = mapNumber(C.Env, V);
      if (C.MapNumber == ~0u)
        return bad(N, "is no map but " + C.Env.Mem.describe(V));
      C.M = C.Env.Maps[C.MapNumber].get();
      return Error::success();
    case ArgKind::MapKey:
      return memory(N, C.M->def().KeySize, Read);
    case ArgKind::MapValueOrNull:
      return V ? memory(N, valueSize(), Read) : Error::success();
    case ArgKind::MapValue:
      return memory(N, valueSize(), Read);
    case ArgKind::MapValueWrite:
      return memory(N, valueSize(), Write);
    case ArgKind::MemReadOrNull:
    case ArgKind::MemReadWriteOrNull:
      if (!V)
        return Error::success();
      return sized(N);
    case ArgKind::MemRead:
    case ArgKind::MemWrite:
    case ArgKind::MemReadWrite:
      return sized(N);
    case ArgKind::FixedRead20:
      return memory(N, 20, Read);
    case ArgKind::FixedRead40:
      return memory(N, 40, Read);
    case ArgKind::FixedWrite8:
      return memory(N, 8, Write);
    case ArgKind::FixedReadWrite8:
      return memory(N, 8, ReadWrite);
    case ArgKind::FixedReadWrite4:
    case ArgKind::SpinLock:
      return memory(N, 4, ReadWrite);
    case ArgKind::Timer:
    case ArgKind::Dynptr:
    case ArgKind::DynptrNew:
    case ArgKind::DynptrRelease:
      return memory(N, 16, ReadWrite);
    case ArgKind::ListHead:
    case ArgKind::RbRoot:
      return memory(N, 16, ReadWrite);
    case ArgKind::ListNode:
      return memory(N, 24, ReadWrite);
    case ArgKind::RbNode:
      return memory(N, 32, ReadWrite);
    case ArgKind::KptrDest:
      return memory(N, 8, ReadWrite);
    case ArgKind::ConstStr:
      return string(N);
    case ArgKind::Ctx:
      return context(N);
    default:
      return Error::success();
    }
  }

private:
  uint32_t valueSize() const { return C.M->def().ValueSize; }

  Error bad(unsigned N, const Twine &What) const {
    return C.error("argument " + Twine(N + 1) + " " + What);
  }

  Error memory(unsigned N, uint64_t Size, Use U) {
    C.Mem[N] = C.Env.Mem.at(C.R[N], Size, U != Read);
    if (C.Mem[N] || !Size)
      return Error::success();
    bool Readable = C.Env.Mem.at(C.R[N], Size, false);
    return bad(N, "must point to " + Twine(Size) + " bytes to " +
                      (U == Read ? "read" : "write") + ", not to " +
                      C.Env.Mem.describe(C.R[N]) +
                      (Readable ? ", which is read-only" : ""));
  }

  Error sized(unsigned N) {
    ArgKind SizeKind = N + 1 < 5 ? C.Helper.Args[N + 1] : ArgKind::None;
    uint64_t Size = C.R[N + 1];
    if (Size >= MaxSize)
      return bad(N + 1, "is a size of " + Twine(int64_t(Size)) + " bytes");
    if (!Size && SizeKind == ArgKind::Size)
      return bad(N + 1, "is a size of 0 bytes");
    ArgKind Kind = C.Helper.Args[N];
    bool OnlyRead = Kind == ArgKind::MemRead || Kind == ArgKind::MemReadOrNull;
    return memory(N, Size, OnlyRead ? Read : Write);
  }

  Error string(unsigned N) {
    uint64_t Mapped = C.Env.Mem.mappedFrom(C.R[N]);
    uint8_t *Host = C.Env.Mem.at(C.R[N], Mapped, false);
    if (!Mapped || !Host)
      return bad(N, "must point to a string, not to " +
                        C.Env.Mem.describe(C.R[N]));
    if (!memchr(Host, 0, Mapped))
      return bad(N, "is a string without an end");
    C.Mem[N] = Host;
    return Error::success();
  }

  Error context(unsigned N) {
    const Packet *P = C.Env.Pkt;
    if (P ? C.R[N] == P->Ctx : C.Env.Mem.mappedFrom(C.R[N]) != 0)
      return Error::success();
    return bad(N, "must be the context, not " + C.Env.Mem.describe(C.R[N]));
  }

  Call &C;
};

} // namespace

Error checkArguments(Call &C) {
  Checker Check(C);
  for (unsigned N = 0; N != C.Helper.numArgs(); ++N)
    if (Error E = Check.check(N))
      return E;
  return Error::success();
}

} // namespace bpfcc
