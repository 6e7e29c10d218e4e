#include "runtime/jit/Jit.h"

#include "runtime/jit/Code.h"
#include "runtime/jit/Lower.h"
#include "runtime/jit/Native.h"
#include "support/Diagnostic.h"

#include <optional>
#include <sys/mman.h>

using namespace llvm;

namespace bpfcc {

using namespace jit;

namespace {

constexpr uint64_t LookupHelper = 1; // bpf_map_lookup_elem

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

struct Jit::Impl {
  Impl(const Program &P, Environment &Env)
      : Code(P, Env), M(Code), S(*static_cast<State *>(Env.Mem.workspace())) {}

  Error compile(const JitOptions &Options);
  Error compileByTemplates(const Unit &U);
  Error compileByLlvm(const Unit &U, bool Baseline);
  void begin(const RunLimits &Limits);
  Expected<uint64_t> exec(uint32_t Func, ArrayRef<uint64_t> Args);

  Answer callHelper(ArrayRef<uint64_t> Args);
  Answer tailCall(ArrayRef<uint64_t> Args);
  Answer loadPacket(uint32_t Offset, unsigned Size);
  Answer fail(Error E);
  /// Completes the frames that compiled code has begun.
  void nameFrames();
  /// Completes what the frames behind \p Until have saved, before the
  /// interpreter takes them over with the registers \p At.
  void fillFrames(const Registers &At, Frame *Until);

  Predecoded Code;
  Machine M;
  State &S;
  std::vector<Flow> Flows;
  /// Where the code lies, as in Layout.
  uint64_t EnterAt = 0;
  std::vector<uint64_t> Funcs, Bodies;
  uint64_t Size = 0;
  std::vector<CallSite> Sites;
  Executable Text;
  Native Optimised;
  std::optional<Error> Waiting; ///< the error that Failed stands for
};

static Answer callHelperOf(uint64_t R1, uint64_t R2, uint64_t R3, uint64_t R4,
                           uint64_t R5, State *S) {
  auto &I = *static_cast<Jit::Impl *>(S->Owner);
  // The one helper that most programs spend their time in.
  if (S->Helper == LookupHelper) {
    Environment &Env = I.Code.Env;
    if (uint32_t N = mapNumber(Env, R1); N != ~0u)
      if (uint8_t *Key = Env.Mem.at(R2, Env.Maps[N]->def().KeySize, false))
        return {Env.Maps[N]->lookup(Key, Env.Cpu), 0};
  }
  return I.callHelper({R1, R2, R3, R4, R5});
}

static Answer lookupInOf(uint64_t N, uint64_t Key, uint64_t, uint64_t, uint64_t,
                         State *S) {
  Environment &Env = static_cast<Jit::Impl *>(S->Owner)->Code.Env;
  return {Env.Maps[N]->lookup(Env.Mem.host(Key), Env.Cpu), 0};
}

static Answer tailCallOf(uint64_t R1, uint64_t R2, uint64_t R3, uint64_t R4,
                         uint64_t R5, State *S) {
  return static_cast<Jit::Impl *>(S->Owner)->tailCall({R1, R2, R3, R4, R5});
}

static Answer loadPacketOf(uint64_t Offset, uint64_t Size, uint64_t, uint64_t,
                           uint64_t, State *S) {
  return static_cast<Jit::Impl *>(S->Owner)->loadPacket(uint32_t(Offset),
                                                        unsigned(Size));
}

Error Jit::Impl::compile(const JitOptions &Options) {
  predecode(Code);
  Flows = analyse(Code);
#ifdef __aarch64__
  if (!Options.Optimise)
    for (size_t N = 0; N != Flows.size(); ++N)
      Flows[N].Proven &= Code.Funcs[N].size() <= MaxArm64Insts;
#endif
  Unit U{Code, Flows};
  U.Verified = Options.Verified;
  U.BigEndian = Code.P.BigEndian;
  U.InPlace = true;
  if (!isSupported())
    return diagError(DiagCode::RunError, {},
                     "programs cannot be compiled for this machine");
  if (Options.Optimise)
    return compileByLlvm(U, Options.Baseline);
#ifdef __x86_64__
  U.FreeShifts = !Options.Baseline && __builtin_cpu_supports("bmi2");
#endif
  return compileByTemplates(U);
}

Error Jit::Impl::compileByTemplates(const Unit &U) {
  size_t Room = roomFor(U);
  std::unique_ptr<uint8_t[]> Draft(new uint8_t[Room]);
  MutableArrayRef<uint8_t> To(Draft.get(), Room);
#ifdef __aarch64__
  Layout L = emitArm64(U, To);
#else
  Layout L = emitX86(U, To);
#endif
  if (!Text.place(To.take_front(L.Size)))
    return diagError(DiagCode::RunError, {},
                     "this system does not let compiled code run");
  EnterAt = Text.address(L.Enter);
  for (size_t N = 0; N != Flows.size(); ++N) {
    Funcs.push_back(Text.address(L.Funcs[N]));
    Bodies.push_back(Text.address(L.Bodies[N]));
  }
  Size = L.Size;
  Sites = std::move(L.Sites);
  return Error::success();
}

Error Jit::Impl::compileByLlvm(const Unit &U, bool Baseline) {
  Lowered L = lower(U);
  Sites = std::move(L.Sites);
  if (Error E =
          Optimised.add(std::move(L.Context), std::move(L.Module), Baseline))
    return E;
  Size = Optimised.size();
  auto At = Optimised.address(EnterName);
  if (!At)
    return At.takeError();
  EnterAt = *At;
  Funcs.resize(Flows.size());
  Bodies.resize(Flows.size());
  for (uint32_t N = 0; N != Flows.size(); ++N) {
    if (!U.isTranslated(N))
      continue;
    auto Call = Optimised.address(callName(N));
    if (!Call)
      return Call.takeError();
    Funcs[N] = Bodies[N] = *Call;
    if (!L.HasBody[N])
      continue;
    auto Body = Optimised.address(bodyName(N));
    if (!Body)
      return Body.takeError();
    Bodies[N] = *Body;
  }
  return Error::success();
}

void Jit::Impl::begin(const RunLimits &Limits) {
  M.begin(Limits);
  const Memory &Mem = Code.Env.Mem;
  S.Rights = Mem.rights();
  S.GuestEnd = Mem.size();
  S.CallHelper = callHelperOf;
  S.LookupIn = lookupInOf;
  S.TailCall = tailCallOf;
  S.LoadPacket = loadPacketOf;
  S.Owner = this;
}

void Jit::Impl::nameFrames() {
  for (Frame *F = M.outermost() + 1; F <= S.Run.Top; ++F) {
    if (!(F->Func & IsCallSite))
      continue;
    const CallSite &Site = Sites[F->Func & ~IsCallSite];
    const Flow &Callee = Flows[Site.Callee];
    F->Func = Site.Callee;
    F->Return = Site.Inst;
    F->CallerInit = Site.Must;
    F->SavedMask = Site.Saves;
    if (!Callee.CountsLoops)
      F->Loops = MaxLoops;
  }
}

void Jit::Impl::fillFrames(const Registers &At, Frame *Until) {
  uint64_t Now[4];
  std::copy_n(At.R + isa::R6, 4, Now);
  for (Frame *F = S.Run.Top; F > Until + 1; --F) {
    for (unsigned N = 0; N != 4; ++N) {
      if (!(F->SavedMask >> (isa::R6 + N) & 1))
        F->Saved[N] = Now[N];
      Now[N] = F->Saved[N];
    }
    F->Saved[4] = (F - 1)->StackTop;
  }
}

Answer Jit::Impl::fail(Error E) {
  Waiting = std::move(E);
  S.Status = Failed;
  return {0, 1};
}

Answer Jit::Impl::callHelper(ArrayRef<uint64_t> Args) {
  nameFrames();
  uint32_t Inst = S.Inst;
  auto R = bpfcc::callHelper(Code.Env, uint32_t(S.Helper), Args);
  if (!R)
    return fail(M.helperFault(R.takeError(), Inst));
  return {*R, 0};
}

Answer Jit::Impl::tailCall(ArrayRef<uint64_t> Args) {
  nameFrames();
  auto To = M.tailTarget(Args[1], Args[2]);
  if (!To)
    return fail(M.helperFault(To.takeError(), S.Inst));
  if (*To == ~0u)
    return {0, 0};
  S.Run.Top->Func = *To;
  S.Run.Top->Loops = MaxLoops;
  constexpr uint16_t Given = 1 << isa::R1;
  if (Flows[*To].Proven && !(Flows[*To].Required & ~Given))
    return {Bodies[*To], 0};
  S.R[isa::R1] = Args[0];
  S.R[isa::R10] = M.enterStack();
  S.Inst = 0;
  S.Status = Handover;
  return {0, 1};
}

Answer Jit::Impl::loadPacket(uint32_t Offset, unsigned Size) {
  const uint8_t *Host = M.packetAt(int32_t(Offset), Size);
  if (!Host)
    return {0, 1};
  uint64_t V = 0;
  for (unsigned N = 0; N != Size; ++N)
    V = V << 8 | Host[N];
  return {V, 0};
}

Expected<uint64_t> Jit::Impl::exec(uint32_t Func, ArrayRef<uint64_t> Args) {
  uint16_t Given = uint16_t(((1u << Args.size()) - 1) << isa::R1);
  if (!Flows[Func].Proven || (Flows[Func].Required & ~Given))
    return M.exec(Func, Args);
  Frame *Until = S.Run.Top;
  if (Error E = M.push(Func))
    return std::move(E);
  if (!S.Run.Top->StackTop)
    M.makeStacks(unsigned(S.Run.Top - M.outermost()));
  std::copy(Args.begin(), Args.end(), S.R + isa::R1);
  S.R[isa::R10] = S.Run.Top->StackTop;
  uint64_t Outer = S.SavedStack;
  auto Enter = reinterpret_cast<uint64_t (*)(State *, uint64_t)>(EnterAt);
  uint64_t R0 = Enter(&S, Funcs[Func]);
  S.SavedStack = Outer;
  // Whoever called back has not left.
  uint32_t How = S.Status;
  S.Status = Returned;
  switch (How) {
  case Returned:
    S.Run.Top = Until;
    return R0;
  case Failed: {
    S.Run.Top = Until;
    Error E = std::move(*Waiting);
    Waiting.reset();
    return std::move(E);
  }
  default: {
    Registers At;
    std::copy(std::begin(S.R), std::end(S.R), At.R);
    nameFrames();
    fillFrames(At, Until);
    uint32_t In = S.Run.Top->Func;
    At.Inst = S.Inst;
    At.Init = Flows[In].Proven ? Flows[In].mustAt(Code.Funcs[In], At.Inst)
                               : uint16_t(0);
    if (At.Inst == 0)
      At.Init |= 1 << isa::R1 | 1 << isa::R10;
    return M.resume(At, Until);
  }
  }
}

Jit::Jit(std::unique_ptr<Impl> I) : I(std::move(I)) {}
Jit::~Jit() = default;

bool Jit::isSupported() {
#if defined(__x86_64__) || defined(__aarch64__)
  return true;
#else
  return false;
#endif
}

Expected<std::unique_ptr<Jit>> Jit::compile(const Program &P, Environment &Env,
                                            const JitOptions &Options) {
  auto I = std::make_unique<Impl>(P, Env);
  if (Error E = I->compile(Options))
    return std::move(E);
  return std::unique_ptr<Jit>(new Jit(std::move(I)));
}

Expected<RunResult> Jit::run(uint32_t Entry, uint64_t Ctx,
                             const RunLimits &Limits) {
  I->begin(Limits);
  Environment &Env = I->Code.Env;
  Env.CallBack = [&J = *I](uint64_t Func,
                           ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
    auto Index = callbackAt(J.Code, Func);
    return Index ? J.exec(*Index, Args) : Index.takeError();
  };
  auto R0 = I->exec(Entry, Ctx);
  Env.CallBack = nullptr;
  for (const std::unique_ptr<Map> &Each : Env.Maps)
    Each->reclaim();
  if (!R0)
    return R0.takeError();
  return RunResult{*R0, I->M.executed()};
}

uint64_t Jit::codeSize() const { return I->Size; }
bool Jit::isTranslated(uint32_t Func) const { return I->Flows[Func].Proven; }

} // namespace bpfcc
