// Addresses, loads and stores.
//
// A constant distance goes into the instruction; the stack needs no base
// register. Addresses are taken back to the pointer that they start from, so
// that the verifier sees one packet pointer and not several:
//
//   %q = gep %p, 14                      %2 = LDXH %1, 26
//   %r = gep %q, 12         ->
//   load i16 %r

#include "backend/select/Selector.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

/// The CO-RE relocation that \p Gep adds to its pointer, and nothing else.
static const CallInst *markerStep(const GEPOperator &Gep,
                                  const DataLayout &DL) {
  SmallMapVector<Value *, APInt, 4> Variable;
  APInt Constant(64, 0);
  if (!Gep.collectOffset(DL, 64, Variable, Constant) || !Constant.isZero() ||
      Variable.size() != 1 || !Variable.front().second.isOne() ||
      !isCoreMarker(Variable.front().first))
    return nullptr;
  return cast<CallInst>(Variable.front().first);
}

Address Selector::address(const Value *P) {
  Address A;
  while (true) {
    if (const auto *Gep = dyn_cast<GEPOperator>(P)) {
      APInt Step(64, 0);
      if (Gep->accumulateConstantOffset(DL, Step)) {
        int64_t Sum;
        if (AddOverflow(A.Off, Step.getSExtValue(), Sum) || !isInt<16>(Sum))
          break;
        A.Off = Sum;
        P = Gep->getPointerOperand();
        continue;
      }
      if (auto It = Splits.find(P); It != Splits.end()) {
        int64_t Sum;
        if (AddOverflow(A.Off, It->second.Off, Sum) || !isInt<16>(Sum))
          break;
        A.Off = Sum;
        A.Base = It->second.Base;
        return A;
      }
      break;
    }
    if (const auto *Cast = dyn_cast<BitCastOperator>(P)) {
      P = Cast->getOperand(0);
      continue;
    }
    if (const auto *Alloca = dyn_cast<AllocaInst>(P)) {
      auto It = FrameOf.find(Alloca);
      if (It != FrameOf.end()) {
        A.Frame = It->second;
        return A;
      }
    }
    using namespace PatternMatch;
    const Value *X;
    const APInt *Step;
    if (match(P, m_IntToPtr(m_Add(m_Value(X), m_APInt(Step)))) &&
        widthOf(X) == 64) {
      int64_t Sum;
      if (!AddOverflow(A.Off, Step->getSExtValue(), Sum) && isInt<16>(Sum)) {
        A.Off = Sum;
        A.Base = reg(X);
        return A;
      }
    }
    break;
  }
  A.Base = reg(P);
  return A;
}

mir::Reg Selector::addressReg(const Address &A) {
  if (A.Frame != mir::None)
    return frameAddress(A.Frame, A.Off);
  return A.Off ? emitRI(mir::ADD_RI, A.Base, A.Off) : A.Base;
}

/// Whether \p Pointer may lead into a caller's frame. `number += pointer` makes
/// the kernel's verifier forget which frame (adjust_ptr_min_max_vals copies
/// type and id of the pointer, not its frameno).
static bool mayBeCallersFrame(const Value *Pointer, const llvm::Function &F) {
  return F.hasLocalLinkage() &&
         !llvm::isa<AllocaInst, GlobalValue>(getUnderlyingObject(Pointer));
}

void Selector::selectOffset(const GetElementPtrInst &Gep) {
  SmallMapVector<Value *, APInt, 4> Variable;
  APInt Constant(64, 0);
  if (!cast<GEPOperator>(Gep).collectOffset(DL, 64, Variable, Constant)) {
    define(Gep, unsupported("this address computation"));
    return;
  }
  int64_t Off = Constant.getSExtValue();
  const CallInst *Marker = markerStep(cast<GEPOperator>(Gep), DL);
  // Distances come first, so that a symbol's address is made where it is used.
  SmallVector<std::pair<mir::Opcode, Reg>, 2> Steps;
  if (!Marker)
    for (auto &[Index, Scale] : Variable)
      Steps.push_back(step(Index, Scale.getSExtValue()));
  Address Base = address(Gep.getPointerOperand());
  if (Marker) {
    std::optional<mir::CoreRelo> Relo =
        parseCoreMarker(Marker->getCalledFunction()->getName());
    if (Relo && isInt<32>(Relo->Value)) {
      Reg R = emitRI(mir::ADD_RI, addressReg(Base), Relo->Value);
      Out.Blocks[Current].Insts.back().Extra = Out.CoreRelos.size();
      Out.CoreRelos.push_back(std::move(*Relo));
      return define(Gep, R);
    }
    for (auto &[Index, Scale] : Variable)
      Steps.push_back(step(Index, Scale.getSExtValue()));
  }
  int64_t Sum;
  if (!AddOverflow(Base.Off, Off, Sum) && isInt<32>(Sum)) {
    Base.Off = 0;
    Off = Sum;
  }
  if (Steps.empty() && Base.Frame != mir::None && Base.Off == 0 &&
      isInt<32>(Off)) {
    Base.Off = Off;
    return define(Gep, addressReg(Base));
  }
  bool KeepOrder = mayBeCallersFrame(Gep.getPointerOperand(), F);
  Reg R = addressReg(Base);
  for (auto [Row, Distance] : Steps) {
    R = emitRR(Row, R, Distance);
    Out.Blocks[Current].Insts.back().Ordered = KeepOrder;
  }
  if (!Steps.empty())
    Splits[&Gep] = {R, Off};
  if (Off)
    R = isInt<32>(Off) ? emitRI(mir::ADD_RI, R, Off)
                       : emitRR(mir::ADD_RR, R, number(Off));
  define(Gep, R);
}

/// Index * By, to be added or subtracted: a verifier knows the bounds of x, and
/// none of -x.
std::pair<mir::Opcode, mir::Reg> Selector::step(Value *Index, int64_t By) {
  Value *Subtracted = nullptr;
  bool IsSub =
      widthOf(Index) == 64 &&
      PatternMatch::match(
          Index, PatternMatch::m_Neg(PatternMatch::m_Value(Subtracted)));
  mir::Opcode Row = IsSub ? mir::SUB_RR : mir::ADD_RR;
  Reg Distance = signExtended(IsSub ? Subtracted : Index, 64);
  if (By == 1)
    return {Row, Distance};
  if (By > 0 && isPowerOf2_64(By))
    return {Row, emitRI(mir::LSH_RI, Distance, Log2_64(By))};
  if (isInt<32>(By))
    return {Row, emitRI(mir::MUL_RI, Distance, By)};
  return {Row, emitRR(mir::MUL_RR, Distance, number(By))};
}

/// The kernel's address of what \p Arena points to in user space.
mir::Reg Selector::kernelAddress(Reg Arena) {
  auto [It, New] = KernelAddresses.try_emplace(Arena, mir::NoReg);
  if (New)
    It->second = emitRI(mir::ADDR_SPACE_CAST, Arena, 1);
  return It->second;
}

Address Selector::accessAddress(const Value *Pointer) {
  unsigned Space = Pointer->getType()->getPointerAddressSpace();
  if (const auto *Gep = dyn_cast<GEPOperator>(Pointer); Gep && !Space)
    if (const CallInst *Marker = markerStep(*Gep, DL)) {
      std::optional<mir::CoreRelo> Relo =
          parseCoreMarker(Marker->getCalledFunction()->getName());
      if (Relo && isInt<16>(Relo->Value)) {
        // The loader writes the whole offset, so nothing else may be in it.
        Address A;
        A.Base = addressReg(address(Gep->getPointerOperand()));
        A.Off = Relo->Value;
        A.Extra = Out.CoreRelos.size();
        Out.CoreRelos.push_back(std::move(*Relo));
        return A;
      }
    }
  Address A = address(Pointer);
  if (Space == 1 && A.Frame == mir::None)
    A.Base = kernelAddress(A.Base);
  else if (Space)
    unsupported("an address space other than 0 and 1");
  return A;
}

void Selector::setAddress(mir::Inst &I, const Address &A) {
  I.Frame = A.Frame;
  I.Off = A.Off;
  I.Extra = A.Extra;
  if (A.Frame == mir::None)
    I.Uses.insert(I.Uses.begin(), A.Base);
}

static std::optional<unsigned> sizeIndex(const Type *T) {
  if (T->isPointerTy())
    return 3;
  if (!T->isIntegerTy())
    return std::nullopt;
  switch (T->getIntegerBitWidth()) {
  case 1:
  case 8:
    return 0;
  case 16:
    return 1;
  case 32:
    return 2;
  case 64:
    return 3;
  default:
    return std::nullopt;
  }
}

/// Whether the access orders others: relaxed ones are plain accesses.
static bool isOrdered(AtomicOrdering O) {
  return O != AtomicOrdering::NotAtomic && O != AtomicOrdering::Unordered &&
         O != AtomicOrdering::Monotonic;
}

void Selector::selectLoad(const LoadInst &Load) {
  static constexpr mir::Opcode Plain[] = {mir::LDXB, mir::LDXH, mir::LDXW,
                                          mir::LDXDW};
  static constexpr mir::Opcode Signed[] = {mir::LDXSB, mir::LDXSH, mir::LDXSW};
  static constexpr mir::Opcode Acquire[] = {mir::LOAD_ACQ_B, mir::LOAD_ACQ_H,
                                            mir::LOAD_ACQ_W, mir::LOAD_ACQ_DW};
  std::optional<unsigned> Size = sizeIndex(Load.getType());
  if (!Size)
    return define(Load, unsupported("a load of this type"));
  mir::Opcode Op = Plain[*Size];
  if (isOrdered(Load.getOrdering())) {
    if (Load.getOrdering() == AtomicOrdering::SequentiallyConsistent)
      return define(Load, unsupported("a sequentially consistent atomic load"));
    if (Options.Cpu < 4)
      needsLevel("a load-acquire", 4);
    Op = Acquire[*Size];
  } else if (isSignedLoad(Load, Options.Cpu))
    Op = Signed[*Size];
  Address A = accessAddress(Load.getPointerOperand());
  Reg D = Out.newReg();
  mir::Inst &I = emit(Op);
  I.Defs = {D};
  I.Volatile = Load.isVolatile() || Load.isAtomic();
  setAddress(I, A);
  define(Load, D);
}

static constexpr mir::Opcode PlainStores[] = {mir::STXB, mir::STXH, mir::STXW,
                                              mir::STXDW};

void Selector::storeTo(const Value *Pointer, const Type *T, Reg Value) {
  std::optional<unsigned> Size = sizeIndex(T);
  if (!Size) {
    unsupported("a store of this type");
    return;
  }
  Address A = accessAddress(Pointer);
  mir::Inst &I = emit(PlainStores[*Size]);
  I.Uses = {Value};
  setAddress(I, A);
}

void Selector::selectStore(const StoreInst &Store) {
  static constexpr mir::Opcode Constant[] = {mir::STB, mir::STH, mir::STW,
                                             mir::STDW};
  static constexpr mir::Opcode Release[] = {
      mir::STORE_REL_B, mir::STORE_REL_H, mir::STORE_REL_W, mir::STORE_REL_DW};
  const Value *V = Store.getValueOperand();
  std::optional<unsigned> Size = sizeIndex(V->getType());
  if (!Size) {
    unsupported("a store of this type");
    return;
  }
  mir::Opcode Op = PlainStores[*Size];
  bool Ordered = isOrdered(Store.getOrdering());
  if (Ordered) {
    if (Store.getOrdering() == AtomicOrdering::SequentiallyConsistent) {
      unsupported("a sequentially consistent atomic store");
      return;
    }
    if (Options.Cpu < 4)
      needsLevel("a store-release", 4);
    Op = Release[*Size];
  }
  Address A = accessAddress(Store.getPointerOperand());
  bool Volatile = Store.isVolatile() || Store.isAtomic();
  std::optional<APInt> C = constantBits(V);
  if (C && Options.Cpu >= 4 && !Ordered && A.Extra == mir::None &&
      C->getSignificantBits() <= 32) {
    mir::Inst &I = emit(Constant[*Size]);
    I.Imm =
        C->getBitWidth() < 32 ? int64_t(C->getZExtValue()) : C->getSExtValue();
    I.Volatile = Volatile;
    setAddress(I, A);
    return;
  }
  Reg Source = widthOf(V) == 1 ? zeroExtended(V, 8) : reg(V);
  mir::Inst &I = emit(Op);
  I.Uses = {Source};
  I.Volatile = Volatile;
  setAddress(I, A);
}

} // namespace bpfcc
