#include "runtime/aot/Emit.h"

#include "runtime/aot/Divide.h"
#include "runtime/aot/Link.h"
#include "runtime/aot/Table.h"
#include "runtime/interp/Instance.h"
#include "runtime/jit/Native.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace bpfcc::aot {

Expected<NativeCode> emitNative(const Program &P, const Target &T,
                                ArrayRef<uint8_t> Object) {
  // Some maps, so that code can be made for their kinds and sizes.
  auto Maps = instantiate(P);
  if (!Maps)
    return Maps.takeError();
  Predecoded Code(P, (*Maps)->Env);
  predecode(Code);
  std::vector<Flow> Flows = analyse(Code);
  jit::Unit U{Code, Flows};
  U.BigEndian = P.BigEndian;
  U.NarrowPointers = T.PointerBits == 32;

  jit::Lowered L = jit::lower(U);
  addTable(L, U, Object);
  auto Machine = createMachine(T);
  if (!Machine)
    return Machine.takeError();
  if (Error E = jit::optimiseModule(*L.Module, **Machine))
    return std::move(E);
  if (T.PointerBits == 32)
    callForDivisions(*L.Module);
  auto Made = jit::generateObject(*L.Module, **Machine);
  if (!Made)
    return Made.takeError();
  NativeCode Out;
  if (Error E = linkShared((*Made)->getBuffer()).moveInto(Out.Bytes))
    return std::move(E);
  for (uint32_t N = 0; N != P.Subprogs.size(); ++N)
    if (P.Subprogs[N].IsProgram && !Flows[N].isEntered(1 << isa::R1))
      Out.Interpreted.push_back(N);
  return Out;
}

} // namespace bpfcc::aot
