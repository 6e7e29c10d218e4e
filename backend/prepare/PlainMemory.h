#ifndef BPFCC_BACKEND_PREPARE_PLAINMEMORY_H
#define BPFCC_BACKEND_PREPARE_PLAINMEMORY_H

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

/// The metadata that markAccesses() leaves at accesses of memory that may be
/// read and written in any width.
constexpr char PlainAccess[] = "bpfcc.plain";

/// Where an access is: \p Bytes bytes, \p Offset bytes behind \p Base.
struct Extent {
  llvm::Value *Base;
  int64_t Offset;
  unsigned Bytes;
};

Extent extentOf(const llvm::Value &Address, unsigned Bytes,
                const llvm::DataLayout &DL);
Extent extentOf(const llvm::LoadInst &Load);
Extent extentOf(const llvm::StoreInst &Store);

/// Whether the access may be made wider: it is neither volatile nor atomic, and
/// of the stack or of memory that is marked.
bool mayBeWidened(const llvm::LoadInst &Load);
bool mayBeWidened(const llvm::StoreInst &Store);

/// What a store of \p V, which takes \p Bytes bytes, leaves there, if that is
/// constant.
std::optional<llvm::APInt> constantBits(const llvm::Value *V, unsigned Bytes);

/// Whether \p Pointer is an argument of a call that neither writes to what it
/// points to nor keeps it.
bool isOnlyRead(const llvm::Use &Pointer);

/// What kind of memory a pointer points to. Two different known kinds never
/// overlap.
enum class MemoryKind : uint8_t { Unknown, Stack, Packet, Map };

MemoryKind memoryKind(const llvm::Value &Address);

/// Whether \p Address, by itself, is a packet's data or something behind it:
/// what an inttoptr of a number of 32 bits gives, which only a context's fields
/// do.
bool isPacket(const llvm::Value &Address);

/// Whether \p Call is of a helper that returns memory of a map, of a ring
/// buffer or of a dynptr.
bool givesMemory(const llvm::CallBase &Call);

} // namespace bpfcc

#endif
