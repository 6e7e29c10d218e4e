// Atomic read-modify-write operations.
//
// Without a result and relaxed they are the locked rows; else the fetching
// ones, which order other accesses as well. Before level 3 the kernel knows
// the locked add alone.

#include "backend/select/Selector.h"

#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

bool Selector::isAtomicWidth(const Value *V) {
  unsigned Width = widthOf(V);
  bool Fits = (Width == 32 && V->getType()->isIntegerTy()) || Width == 64;
  if (!Fits)
    unsupported("an atomic operation on " + Twine(Width) + " bits");
  return Fits;
}

void Selector::selectAtomicRMW(const AtomicRMWInst &I) {
  struct Row {
    AtomicRMWInst::BinOp Op;
    mir::Opcode Locked, Fetching;
  };
  // The 64-bit row follows each of these.
  static constexpr Row Rows[] = {
      {AtomicRMWInst::Add, mir::ATOMIC_ADD32, mir::FETCH_ADD32},
      {AtomicRMWInst::Sub, mir::ATOMIC_ADD32, mir::FETCH_ADD32},
      {AtomicRMWInst::And, mir::ATOMIC_AND32, mir::FETCH_AND32},
      {AtomicRMWInst::Or, mir::ATOMIC_OR32, mir::FETCH_OR32},
      {AtomicRMWInst::Xor, mir::ATOMIC_XOR32, mir::FETCH_XOR32},
      {AtomicRMWInst::Xchg, mir::XCHG32, mir::XCHG32}};
  const Value *V = I.getValOperand();
  // InstCombine makes what changes nothing an `or` of 0, and not all levels
  // have that one.
  bool Same = I.getOperation() == AtomicRMWInst::Or && match(V, m_Zero());
  auto Operation = Same ? AtomicRMWInst::Add : I.getOperation();
  const auto *Found =
      find_if(Rows, [&](const Row &R) { return R.Op == Operation; });
  if (Found == std::end(Rows)) {
    define(I, unsupported("the atomic operation `" +
                          AtomicRMWInst::getOperationName(I.getOperation()) +
                          "`"));
    return;
  }
  if (!isAtomicWidth(V))
    return define(I, number(0));
  bool Add = Found->Locked == mir::ATOMIC_ADD32;
  bool Fetch = !I.use_empty() || Found->Locked == Found->Fetching;
  if (Options.Cpu < 3 && (Fetch || !Add))
    needsLevel(Fetch ? "an atomic operation whose result is used"
                     : "an atomic operation other than addition",
               3);
  if (Options.Cpu >= 3 && I.getOrdering() != AtomicOrdering::Monotonic)
    Fetch = true;
  Address A = accessAddress(I.getPointerOperand());
  Reg Value = reg(V);
  bool Word = widthOf(V) == 32;
  if (I.getOperation() == AtomicRMWInst::Sub) {
    if (std::optional<APInt> C = constantBits(V))
      Value = number((-*C).getSExtValue());
    else
      Value = emitR(Word && Options.Cpu >= 3 ? mir::NEG32 : mir::NEG, Value);
  }
  mir::Opcode Op = Fetch ? Found->Fetching : Found->Locked;
  Reg Old = Fetch ? Out.newReg() : mir::NoReg;
  mir::Inst &Inst = emit(Word ? Op : mir::Opcode(Op + 1));
  if (Fetch)
    Inst.Defs = {Old};
  Inst.Uses = {Value};
  Inst.Volatile = true;
  setAddress(Inst, A);
  if (Fetch)
    define(I, Old);
}

void Selector::selectCmpXchg(const AtomicCmpXchgInst &I) {
  const Value *New = I.getNewValOperand();
  if (!isAtomicWidth(New)) {
    Parts[&I] = {number(0)};
    return;
  }
  if (Options.Cpu < 3)
    needsLevel("an atomic compare-and-exchange", 3);
  Address A = accessAddress(I.getPointerOperand());
  Reg Value = reg(New), Expected = reg(I.getCompareOperand());
  Reg Old = Out.newReg();
  mir::Inst &Inst = emit(widthOf(New) == 32 ? mir::CMPXCHG32 : mir::CMPXCHG64);
  Inst.Defs = {Old};
  Inst.Uses = {Value, Expected};
  Inst.Volatile = true;
  setAddress(Inst, A);
  Parts[&I] = {Old};
}

void Selector::selectExtract(const ExtractValueInst &I) {
  const Value *From = I.getAggregateOperand();
  auto It = Parts.find(From);
  if (It == Parts.end() || I.getNumIndices() != 1) {
    define(I, unsupported("a structure as a value"));
    return;
  }
  unsigned Index = I.getIndices()[0];
  if (llvm::isa<AtomicCmpXchgInst>(From) && Index == 1) {
    if (!isConditionOnly(&I))
      define(I, materialise(I));
    return;
  }
  define(I, It->second[Index]);
}

} // namespace bpfcc
