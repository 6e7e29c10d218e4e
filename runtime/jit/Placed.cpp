#include "runtime/jit/Placed.h"

#include "runtime/jit/Lower.h"
#include "runtime/jit/Native.h"
#include "support/Diagnostic.h"

#include <sys/mman.h>

using namespace llvm;

namespace bpfcc::jit {

namespace {

/// Code that was written before it could be executed and never is again.
class Executable {
public:
  ~Executable() {
    if (At)
      munmap(At, Size);
  }

  /// Takes a copy of \p Code; false if the system does not let it run.
  bool place(ArrayRef<uint8_t> Code) {
    void *P = mmap(nullptr, Code.size(), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (P == MAP_FAILED)
      return false;
    At = static_cast<uint8_t *>(P);
    Size = Code.size();
    memcpy(At, Code.data(), Size);
    __builtin___clear_cache(reinterpret_cast<char *>(At),
                            reinterpret_cast<char *>(At + Size));
    return mprotect(At, Size, PROT_READ | PROT_EXEC) == 0;
  }

  uint64_t address(size_t Offset) const { return uint64_t(At) + Offset; }

private:
  uint8_t *At = nullptr;
  size_t Size = 0;
};

} // namespace

Expected<Placed> placeTemplates(const Unit &U) {
  size_t Room = roomFor(U);
  std::unique_ptr<uint8_t[]> Draft(new uint8_t[Room]);
  MutableArrayRef<uint8_t> To(Draft.get(), Room);
#ifdef __aarch64__
  Layout L = emitArm64(U, To);
#else
  Layout L = emitX86(U, To);
#endif
  auto Text = std::make_shared<Executable>();
  if (!Text->place(To.take_front(L.Size)))
    return diagError(DiagCode::RunError, {},
                     "this system does not let compiled code run");
  Placed Out;
  Out.Enter = Text->address(L.Enter);
  for (size_t N = 0; N != U.Flows.size(); ++N) {
    Out.Funcs.push_back(Text->address(L.Funcs[N]));
    Out.Bodies.push_back(Text->address(L.Bodies[N]));
  }
  Out.Size = L.Size;
  Out.Sites = std::move(L.Sites);
  Out.Holder = std::move(Text);
  return Out;
}

Expected<Placed> placeOptimised(const Unit &U, bool Baseline) {
  Lowered L = lower(U);
  auto Code = std::make_shared<Native>();
  if (Error E = Code->add(std::move(L.Context), std::move(L.Module), Baseline))
    return std::move(E);
  Placed Out;
  if (Error E = Code->address(EnterName).moveInto(Out.Enter))
    return std::move(E);
  Out.Funcs.resize(U.Flows.size());
  Out.Bodies.resize(U.Flows.size());
  for (uint32_t N = 0; N != U.Flows.size(); ++N) {
    if (!U.isTranslated(N))
      continue;
    if (Error E = Code->address(callName(N)).moveInto(Out.Funcs[N]))
      return std::move(E);
    Out.Bodies[N] = Out.Funcs[N];
    if (!L.HasBody[N])
      continue;
    if (Error E = Code->address(bodyName(N)).moveInto(Out.Bodies[N]))
      return std::move(E);
  }
  Out.Size = Code->size();
  Out.Sites = std::move(L.Sites);
  Out.Holder = std::move(Code);
  return Out;
}

} // namespace bpfcc::jit
