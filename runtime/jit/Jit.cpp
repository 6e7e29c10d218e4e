#include "runtime/jit/Jit.h"

#include "backend/target/MapTypes.h"
#include "runtime/jit/Placed.h"
#include "support/Diagnostic.h"

#include <chrono>
#include <future>
#include <optional>
#include <utility>

using namespace llvm;

namespace bpfcc {

using namespace jit;

namespace {

constexpr uint64_t LookupHelper = 1; // bpf_map_lookup_elem
/// Instructions that take the templates' code about as long as LLVM takes for
/// a program.
constexpr uint64_t Warm = 20'000'000;

} // namespace

struct Jit::Impl {
  Impl(const Program &P, Environment &Env)
      : Code(P, Env), M(Code),
        S(*static_cast<State *>(Env.Mem.workspace(Env.Worker))) {}
  ~Impl() {
    if (Later.valid())
      consumeError(Later.get().takeError());
  }

  /// Gets to know the program.
  void analyse();
  Error compile(const JitOptions &Options);
  void adopt(Placed Code);
  Unit unit() const;
  /// Takes better code between two runs, the last of \p Insts instructions.
  void rise(uint64_t Insts);
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
  /// By map: State::Values and State::Arrays.
  std::vector<uint64_t> Values;
  std::vector<Elements> Arrays;
  JitOptions Options;
  Placed Made;
  std::optional<Error> Waiting; ///< the error that Failed stands for
  bool LeftByTail = false;      ///< Handover to a function that only got r1
  uint64_t Executed = 0;        ///< instructions, until LLVM begins
  /// LLVM's code, in the making. It reads what does not change after compile().
  std::future<Expected<Placed>> Later;
};

KnownArray jit::knownArray(const Map &M) {
  ArrayRef<uint64_t> All = M.elementAddresses();
  KnownArray Out;
  if (All.empty())
    return Out;
  Out.Addresses = All.data();
  Out.Size = M.def().MaxEntries;
  Out.Cpus = target::isPerCpu(M.def().Type) ? M.def().Cpus : 0;
  return Out;
}

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

Error Jit::Impl::compile(const JitOptions &O) {
  if (!isSupported())
    return diagError(DiagCode::RunError, {},
                     "programs cannot be compiled for this machine");
  Options = O;
  analyse();
#ifdef __aarch64__
  if (!Options.Optimise)
    for (size_t N = 0; N != Flows.size(); ++N)
      Flows[N].Proven &= Code.Funcs[N].size() <= MaxArm64Insts;
#endif
  return (Options.Optimise ? placeOptimised(unit(), Options.Baseline)
                           : placeTemplates(unit()))
      .moveInto(Made);
}

void Jit::Impl::analyse() {
  predecode(Code);
  Flows = bpfcc::analyse(Code);
}

void Jit::Impl::adopt(Placed Given) {
  Options.Optimise = true; // it is LLVM's
  analyse();
  Made = std::move(Given);
  for (size_t N = 0; N != Flows.size(); ++N)
    Flows[N].Proven &= Made.Funcs[N] != 0;
  Environment &Env = Code.Env;
  Values.resize(Env.Maps.size());
  Arrays.resize(Env.Maps.size());
  for (size_t N = 0; N != Env.Maps.size(); ++N)
    if (!Env.Maps[N]->elementAddresses().empty())
      Arrays[N].Addresses = Env.Maps[N]->elementAddresses().data();
  for (const Subprog &S : Code.P.Subprogs)
    for (const isa::Inst &I : S.Insts) {
      Sem What = isa::meaning(I.Opcode).What;
      uint32_t N = uint32_t(I.Imm);
      if (What == Sem::CAST)
        N = arenaNumber(Env);
      else if (What != Sem::LD_MAP_VALUE && What != Sem::LD_MAP_IDX_VALUE)
        continue;
      if (N >= Values.size() || Values[N])
        continue;
      std::vector<uint8_t> Key(Env.Maps[N]->def().KeySize);
      Values[N] = Env.Maps[N]->lookup(Key.data(), Env.Cpu);
    }
}

Unit Jit::Impl::unit() const {
  Unit U{Code, Flows};
  U.Verified = Options.Verified;
  U.BigEndian = Code.P.BigEndian;
  U.InPlace = true;
  U.StateDistance = Memory::workspaceDistance(Code.Env.Worker);
#ifdef __x86_64__
  U.FreeShifts = !Options.Baseline && __builtin_cpu_supports("bmi2");
#endif
  return U;
}

void Jit::Impl::rise(uint64_t Insts) {
  if (Options.Optimise || !Options.OptimiseLater)
    return;
  if (Later.valid()) {
    if (Later.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      return;
    Options.Optimise = true;
    // Where LLVM fails, the templates' code is as good as before.
    if (auto Better = Later.get())
      Made = std::move(*Better);
    else
      consumeError(Better.takeError());
    return;
  }
  Executed += Insts;
  if (Executed >= Warm)
    Later = std::async(std::launch::async, [U = unit(), this]() mutable {
      if (Options.Proof)
        U.Verified = Options.Proof();
      return placeOptimised(U, Options.Baseline);
    });
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
  S.Values = Values.data();
  S.Arrays = Arrays.data();
  S.Cpu = Code.Env.Cpu;
  S.Owner = this;
}

void Jit::Impl::nameFrames() {
  for (Frame *F = M.outermost() + 1; F <= S.Run.Top; ++F) {
    if (!(F->Func & IsCallSite))
      continue;
    const CallSite &Site = Made.Sites[F->Func & ~IsCallSite];
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
  if (Flows[*To].isEntered(Given))
    return {Made.Bodies[*To], 0};
  S.R[isa::R1] = Args[0];
  S.R[isa::R10] = M.enterStack();
  S.Inst = 0;
  S.Status = Handover;
  LeftByTail = true;
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
  if (!Flows[Func].isEntered(Given))
    return M.exec(Func, Args);
  Frame *Until = S.Run.Top;
  if (Error E = M.push(Func))
    return std::move(E);
  if (!S.Run.Top->StackTop)
    M.makeStacks(unsigned(S.Run.Top - M.outermost()));
  std::copy(Args.begin(), Args.end(), S.R + isa::R1);
  S.R[isa::R10] = S.Run.Top->StackTop;
  uint64_t Outer = S.SavedStack;
  auto Enter = reinterpret_cast<uint64_t (*)(State *, uint64_t)>(Made.Enter);
  uint64_t R0 = Enter(&S, Made.Funcs[Func]);
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
    At.Init = std::exchange(LeftByTail, false)
                  ? uint16_t(1 << isa::R1 | 1 << isa::R10)
                  : Flows[In].mustAt(Code.Funcs[In], At.Inst, Flows);
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

std::unique_ptr<Jit> Jit::adopt(const Program &P, Environment &Env,
                                Placed Code) {
  auto I = std::make_unique<Impl>(P, Env);
  I->adopt(std::move(Code));
  return std::unique_ptr<Jit>(new Jit(std::move(I)));
}

Expected<RunResult> Jit::run(uint32_t Entry, ArrayRef<uint64_t> Args,
                             const RunLimits &Limits) {
  I->begin(Limits);
  Environment &Env = I->Code.Env;
  auto CallBack = [&J = *I](uint64_t Func,
                            ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
    auto Index = callbackAt(J.Code, Func);
    return Index ? J.exec(*Index, Args) : Index.takeError();
  };
  Env.CallBack = CallBack;
  beginRun(Env);
  auto R0 = caught(I->exec(Entry, Args), I->Code.P, Entry, CallBack);
  endRun(Env, R0);
  Env.CallBack = nullptr;
  I->rise(I->M.executed());
  if (!R0)
    return R0.takeError();
  return RunResult{*R0, I->M.executed()};
}

uint64_t Jit::codeSize() const { return I->Made.Size; }
bool Jit::isTranslated(uint32_t Func) const { return I->Flows[Func].Proven; }

} // namespace bpfcc
