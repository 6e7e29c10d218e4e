// CO-RE relocations by the types of a kernel. Where the kernel lacks what an
// instruction needs, loaders put a call there that no kernel has: the program
// is refused if a path comes to it, and may test before that it does not.

#include "runtime/load/CoreMatch.h"
#include "runtime/load/Loader.h"

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"

using namespace llvm;
using bpfcc::isa::Op;

namespace bpfcc {

/// \p Of, a load or store, with another width; nothing if there is none.
static std::optional<Op> withBytes(Op Of, unsigned Bytes) {
  static constexpr Op Rows[][4] = {
      {Op::LDXB, Op::LDXH, Op::LDXW, Op::LDXDW},
      {Op::STXB, Op::STXH, Op::STXW, Op::STXDW},
      {Op::STB, Op::STH, Op::STW, Op::STDW},
  };
  if (Bytes > 8 || !isPowerOf2_32(Bytes))
    return std::nullopt;
  for (const auto &Row : Rows)
    if (is_contained(Row, Of))
      return Row[Log2_32(Bytes)];
  return std::nullopt;
}

/// Puts the answer into \p I; false if there is no room for it.
static bool patch(isa::Inst &I, const CoreAnswer &A) {
  switch (isa::form(I.Opcode)) {
  case isa::Form::RI:
    I.Imm = int32_t(A.Value);
    return true;
  case isa::Form::Imm64:
    I.Imm = int64_t(A.Value);
    return true;
  case isa::Form::Load:
  case isa::Form::StoreR:
  case isa::Form::StoreI:
    if (A.Value > INT16_MAX)
      return false;
    I.Off = int16_t(A.Value);
    if (A.LocalSize != A.KernelSize) {
      auto Wide = withBytes(I.Opcode, A.KernelSize);
      if (!Wide || !A.CanResize)
        return false;
      I.Opcode = *Wide;
    }
    return true;
  default:
    return false;
  }
}

void Loader::relocateCore() {
  for (const BtfFile::CoreRelo &R : Btf.CoreRelos) {
    int32_t Section = -1;
    for (size_t N = 0; N != O.Sections.size(); ++N)
      if (O.Sections[N].Name == R.Section && Parts[N] == Part::Code)
        Section = int32_t(N);
    auto It = Functions.upper_bound({Section, R.Offset});
    if (It == Functions.begin() || (--It)->first.first != Section)
      continue;
    Subprog &S = P.Subprogs[It->second];
    uint64_t Slot = (R.Offset - It->first.second) / 8;
    auto At = lower_bound(S.Slots, Slot);
    if (At == S.Slots.end() || *At != Slot)
      continue;
    uint32_t Index = uint32_t(At - S.Slots.begin());
    CoreAnswer A = answerCore(Btf, R, *Options.Kernel);
    if (A.Possible && patch(S.Insts[Index], A))
      continue;
    if (A.Possible)
      A.Missing = "a field, whose place or width the instruction cannot take,";
    S.Insts[Index].Opcode = Op::CALL_HELPER;
    S.Insts[Index].Imm = NoSuchField;
    P.Missing.push_back({It->second, Index, A.Missing});
  }
}

} // namespace bpfcc
