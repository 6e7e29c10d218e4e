#include "backend/finish/Jumps.h"

#include "backend/finish/AsmText.h"
#include "backend/finish/Islands.h"
#include "backend/isa/Encoding.h"

namespace bpfcc {

constexpr uint64_t SlotBytes = 8;

static llvm::Error fillIn(LinearCode &L, const LinearCode::Number &N,
                          const std::vector<uint32_t> &Slots, bool BigEndian) {
  auto At = [&](uint32_t Inst) {
    return isa::AsmValue{int64_t(Slots[Inst] * SlotBytes), "."};
  };
  auto Place =
      [&](const isa::AsmExpr::Node &S) -> std::optional<isa::AsmValue> {
    if (S.Text == ".")
      return At(N.TextStart);
    if (auto Block = asmLabelTarget(N.Targets, S.Text))
      return At(L.Starts[*Block]);
    return std::nullopt;
  };
  std::optional<isa::AsmValue> V = isa::evaluate(N.Patch.Value, Place);
  if (!V || !V->Base.empty())
    return diagError(DiagCode::AsmError, N.Loc,
                     "the number in `" + N.Patch.Statement +
                         "` is not known when the program is assembled");
  isa::putNumber(&L.Code.Raws[N.Raw].Bytes[N.Patch.At], N.Patch.Size,
                 uint64_t(V->Number), BigEndian);
  return llvm::Error::success();
}

/// Raw slots that are instructions after all become instructions.
static void decodeRaws(CodeFunction &Code, bool BigEndian) {
  std::vector<CodeRaw> Left;
  for (CodeRaw &R : Code.Raws) {
    auto I = isa::decodeOne(R.Bytes, BigEndian);
    if (I)
      Code.Insts[R.Inst] = *I;
    else
      Left.push_back(R);
    llvm::consumeError(I.takeError());
  }
  Code.Raws = std::move(Left);
}

llvm::Expected<CodeFunction> resolveJumps(LinearCode L,
                                          const FinishOptions &Options) {
  if (llvm::Error E = addIslands(L, Options.Cpu))
    return std::move(E);
  std::vector<uint32_t> Slots = slotsOf(L.Code);
  for (const LinearCode::Jump &J : L.Jumps) {
    isa::Inst &I = L.Code.Insts[J.Inst];
    int64_t D = distance(L, J, Slots);
    if (I.Opcode == isa::Op::JAL)
      I.Imm = D;
    else
      I.Off = static_cast<int16_t>(D);
  }
  for (const LinearCode::Number &N : L.Numbers)
    if (llvm::Error E = fillIn(L, N, Slots, Options.BigEndian))
      return std::move(E);
  decodeRaws(L.Code, Options.BigEndian);
  return std::move(L.Code);
}

} // namespace bpfcc
