#include "backend/prepare/PlainMemory.h"

#include "backend/prepare/Helper.h"
#include "backend/target/Helpers.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

Extent extentOf(const Value &Address, unsigned Bytes, const DataLayout &DL) {
  APInt Offset(64, 0);
  const Value *Base = Address.stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  return {const_cast<Value *>(Base), Offset.getSExtValue(), Bytes};
}

template <typename T> static Extent extent(const T &I, Type *Ty) {
  const DataLayout &DL = I.getDataLayout();
  return extentOf(*I.getPointerOperand(),
                  unsigned(DL.getTypeStoreSize(Ty).getFixedValue()), DL);
}

template <typename T> static bool isPlain(const T &I) {
  return I.isSimple() &&
         (I.getMetadata(PlainAccess) ||
          isa<AllocaInst>(getUnderlyingObject(I.getPointerOperand())));
}

Extent extentOf(const LoadInst &Load) { return extent(Load, Load.getType()); }

Extent extentOf(const StoreInst &Store) {
  return extent(Store, Store.getValueOperand()->getType());
}

bool mayBeWidened(const LoadInst &Load) { return isPlain(Load); }
bool mayBeWidened(const StoreInst &Store) { return isPlain(Store); }

std::optional<APInt> constantBits(const Value *V, unsigned Bytes) {
  if (isa<ConstantPointerNull>(V))
    return APInt::getZero(Bytes * 8);
  const auto *C = dyn_cast<ConstantInt>(V);
  if (!C || C->getBitWidth() > Bytes * 8)
    return std::nullopt;
  return C->getValue().zext(Bytes * 8);
}

bool isOnlyRead(const Use &Pointer) {
  const auto *Call = dyn_cast<CallBase>(Pointer.getUser());
  if (!Call || !Call->isArgOperand(&Pointer))
    return false;
  unsigned N = Call->getArgOperandNo(&Pointer);
  return Call->onlyReadsMemory(N) && Call->doesNotCapture(N);
}

bool isPacket(const Value &Address) {
  Value *Base;
  auto Whole = m_Value(Base);
  return match(&Address,
               m_IntToPtr(m_CombineOr(m_c_Add(m_ZExt(m_Value(Base)), m_Value()),
                                      m_ZExt(Whole)))) &&
         isa<LoadInst>(Base) && Base->getType()->isIntegerTy(32);
}

bool givesMemory(const CallBase &Call) {
  std::optional<int64_t> N = helperNumber(Call.getCalledOperand());
  if (!N || *N < 0)
    return false;
  const target::HelperInfo *Helper = target::helperById(unsigned(*N));
  if (!Helper)
    return false;
  switch (Helper->Result) {
  case target::RetKind::MapValue:
  case target::RetKind::MapValueOrNull:
  case target::RetKind::RingbufMemOrNull:
  case target::RetKind::DynptrMemOrNull:
    return true;
  default:
    return false;
  }
}

static MemoryKind kindOf(const Value &Object) {
  if (isa<AllocaInst>(Object))
    return MemoryKind::Stack;
  if (isPacket(Object))
    return MemoryKind::Packet;
  if (const auto *Call = dyn_cast<CallBase>(&Object))
    return givesMemory(*Call) ? MemoryKind::Map : MemoryKind::Unknown;
  const auto *G = dyn_cast<GlobalVariable>(&Object);
  return G && !G->getSection().starts_with(".ksyms") ? MemoryKind::Map
                                                     : MemoryKind::Unknown;
}

MemoryKind memoryKind(const Value &Address) {
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(&Address, Objects);
  constexpr size_t Most = 8;
  if (Objects.empty() || Objects.size() > Most)
    return MemoryKind::Unknown;
  MemoryKind Kind = kindOf(*Objects.front());
  return all_of(Objects, [&](const Value *O) { return kindOf(*O) == Kind; })
             ? Kind
             : MemoryKind::Unknown;
}

} // namespace bpfcc
