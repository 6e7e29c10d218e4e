#include "runtime/aot/Fingerprint.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace bpfcc::aot {

uint64_t fingerprint(ArrayRef<Flow> Flows) {
  SmallVector<uint8_t, 0> Bytes;
  auto Add = [&](uint32_t V) {
    Bytes.resize(Bytes.size() + 4);
    support::endian::write32le(Bytes.end() - 4, V);
  };
  for (const Flow &F : Flows) {
    for (uint32_t V :
         {uint32_t(F.Required), uint32_t(F.Returns), uint32_t(F.CountsLoops),
          uint32_t(F.Proven), uint32_t(F.StackBytes)})
      Add(V);
    for (const Flow::Block &B : F.Blocks)
      for (uint32_t V : {B.First, B.End, uint32_t(B.Must), uint32_t(B.LiveOut)})
        Add(V);
  }
  return xxh3_64bits(Bytes);
}

} // namespace bpfcc::aot
