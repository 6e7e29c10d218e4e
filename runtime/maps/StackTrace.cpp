// Stacks by their ids. Only a walk of a stack puts one in; user space reads
// and deletes them. There is no stack to walk here yet, bpf_get_stackid gives
// -EFAULT as the kernel does then: the map stays empty.

#include "runtime/maps/Kinds.h"

#include "llvm/Support/MathExtras.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

class StackTrace : public Map {
public:
  using Map::Map;

  int erase(const uint8_t *Key) override {
    return Mem.load(Key, 4) < PowerOf2Ceil(Def.MaxEntries) ? -ENOENT : -E2BIG;
  }
  int nextKey(const uint8_t *, uint8_t *) override { return -ENOENT; }
};

} // namespace

std::unique_ptr<Map> makeStackTrace(const MapDef &Def, Memory &Mem) {
  return std::make_unique<StackTrace>(Def, Mem);
}

} // namespace bpfcc
