// CO-RE markers: calls that stand for a value which the loader decides.
//
// The front end writes a relocation as a call without effects to
//   bpfcc.core.<kind>.<value>.<access>#<unique>
// whose result is the value in the local types.

#include "backend/select/Selector.h"

namespace bpfcc {

using namespace llvm;

static constexpr StringLiteral MarkerPrefix = "bpfcc.core.";

bool isCoreMarker(const Value *V) {
  const auto *Call = dyn_cast<CallInst>(V);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  return Callee && Callee->getName().starts_with(MarkerPrefix);
}

std::optional<mir::CoreRelo> parseCoreMarker(StringRef Name) {
  mir::CoreRelo Relo;
  Relo.Type = Name.str();
  if (!Name.consume_front(MarkerPrefix) || Name.consumeInteger(10, Relo.Kind) ||
      !Name.consume_front("."))
    return std::nullopt;
  uint64_t Unsigned = 0; // 64-bit values may be written unsigned
  bool Negative = Name.starts_with("-");
  if (Negative ? Name.consumeInteger(10, Relo.Value)
               : Name.consumeInteger(10, Unsigned))
    return std::nullopt;
  if (!Negative)
    Relo.Value = int64_t(Unsigned);
  if (!Name.consume_front("."))
    return std::nullopt;
  Relo.Access = Name.split('#').first.str();
  return Relo;
}

void Selector::selectMarker(const CallInst &Call) {
  // What is u64 in C is loaded as 64 bits, which the loader may need.
  constexpr uint32_t TypeIdLocal = 6, TypeIdTarget = 7;
  constexpr uint32_t EnumValExists = 10, EnumValValue = 11;
  std::optional<mir::CoreRelo> Relo =
      parseCoreMarker(Call.getCalledFunction()->getName());
  if (!Relo) {
    define(Call, unsupported("this CO-RE relocation"));
    return;
  }
  bool Wide = Relo->Kind == TypeIdLocal || Relo->Kind == TypeIdTarget ||
              Relo->Kind == EnumValExists || Relo->Kind == EnumValValue;
  define(Call,
         emitRI(Wide ? mir::LD_IMM64 : mir::MOV_RI, mir::NoReg, Relo->Value));
  Out.Blocks[Current].Insts.back().Extra = Out.CoreRelos.size();
  Out.CoreRelos.push_back(std::move(*Relo));
}

} // namespace bpfcc
