// The walk over all paths, depth first: at a conditional jump the way that
// jumps is put aside and the other is followed; when a path ends, at an exit or
// at a state that was seen before, the last one put aside goes on. The order is
// the kernel's, so that its counts of instructions and states come out.

#include "runtime/verify/Verifier.h"

#include "support/Counted.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace bpfcc::verify {

using isa::Op;

/// How many paths may be put aside at once.
constexpr size_t MaxOpen = 8192;

Verifier::Verifier(const Program &P, uint32_t Entry, const Options &O)
    : P(P), O(O), Entry(Entry) {}

Result Verifier::run() {
  auto Types = readBtf(P.Btf, {}, P.BigEndian);
  if (Types)
    Btf = std::move(*Types);
  else
    consumeError(Types.takeError()); // the loader has read it
  if (!buildUnit(P, Btf, Entry, O, U, Why)) {
    Res.V = Verdict::Rejected;
    return std::move(Res);
  }
  for (uint32_t Id = 1; Id != Btf.Types.size(); ++Id)
    if (Btf.Types[Id].K == btf::KindDeclTag)
      TagsOf[Btf.Types[Id].Target].push_back(Id);
  if (O.Type == target::ProgType::Ext) {
    (void)cannotJudge("a program that replaces a function has the type of the "
                      "program that it is put into");
    return std::move(Res);
  }
  if (!O.Gpl && (O.Type == target::ProgType::StructOps ||
                 O.Type == target::ProgType::Lsm)) {
    (void)fail(DiagCode::GplOnly,
               "programs of this type need a GPL-compatible licence",
               "add `char LICENSE[] SEC(\"license\") = \"GPL\";`");
    return std::move(Res);
  }
  if (O.Types && !findEvent())
    return std::move(Res);
  if (hasFeature(O.Kernel, target::Feature::Fastcall)) {
    std::vector<bool> Fast(P.Externs.size());
    for (size_t N = 0; O.Types && N != Fast.size(); ++N)
      Fast[N] = O.Types->isTagged(
          O.Types->find(btf::KindFunc, essentialName(P.Externs[N])),
          "bpf_fastcall");
    findFastSpills(U, Fast);
  }
  U.LiveByCode = !before(6, 18);
  WillVerify.assign(U.Subs.size(), false);
  if (U.ExceptionCallback)
    ToVerify.push_back(U.ExceptionCallback);
  KeptAt.resize(U.Insts.size());
  Through.resize(U.Insts.size());
  Res.V = Verdict::Accepted;
  if (O.CountSteps)
    Visits.resize(U.Insts.size());
  bool Ok = explore(0);
  for (size_t N = 0; Ok && N < ToVerify.size(); ++N)
    Ok = explore(ToVerify[N]);
  if (!Ok)
    Res.Way = wayHere();
  takeVisits();
  for (const Unit::Sub &S : U.Subs)
    Res.Stats.Stack.push_back(S.StackDepth);
  if (Ok && !checkStackDepth(P, U, O, Why))
    Ok = false;
  if (!Ok && Res.V == Verdict::Accepted)
    Res.V = Verdict::Rejected;
  return std::move(Res);
}

/// What of the kernel the program is attached to, by the kernel's types.
bool Verifier::findEvent() {
  Hook H;
  std::string Reason;
  switch (findHook(P, Entry, O, H, Reason)) {
  case HookFound::No:
    return true;
  case HookFound::Yes:
    // Of others the kernel has a list, which its types do not hold.
    if (O.Type == target::ProgType::Tracing && O.AttachType == ModifyReturn &&
        !StringRef(H.Name).starts_with("security_"))
      return cannotJudge("whether programs may change what `" + H.Name +
                         "` returns");
    Event = std::move(H);
    return true;
  case HookFound::Missing:
    return fail(DiagCode::HelperOnKernel, Reason);
  case HookFound::Unknown:
    break;
  }
  return cannotJudge(Reason);
}

bool Verifier::explore(uint32_t SubNumber) {
  for (auto &List : KeptAt)
    List.clear();
  Store.clear();
  Store.emplace_back();
  Open.clear();
  Parent = 0;
  JumpsSinceKept = 0;
  StepsSinceKept = 0;
  LiveStates = 0;
  Graph = Nodes();
  RootSub = SubNumber;
  Stretches = {{0, 0, Res.Stats.Processed + 1}};
  if (!start(SubNumber))
    return false;
  LastGiven = Store[0].LastNode = Graph.last();
  bool Watched = Watching || O.CountSteps;
  for (;;) {
    Ended = false;
    while (!Ended)
      if (!(Watched ? watchedStep() : step()))
        return false;
    finishPath();
    if (!resume())
      return true;
  }
}

bool Verifier::start(uint32_t SubNumber) {
  const Unit::Sub &S = U.Subs[SubNumber];
  Cur = State();
  Cur.Frames.push_back(std::make_shared<Frame>());
  Frame &F = frame();
  F.Sub = SubNumber;
  Pc = S.Start;
  Reg Fp;
  Fp.K = Kind::Stack;
  Fp.Value = analysis::Scalar::constant(0);
  Fp.Node = Graph.define(Pc);
  F.R[isa::R10] = Fp;
  if (SubNumber && SubNumber == U.ExceptionCallback)
    return exceptionArguments(F, S);
  if (SubNumber)
    return globalArguments(F, S);
  Reg Ctx;
  Ctx.K = Kind::Ctx;
  Ctx.Value = analysis::Scalar::constant(0);
  Ctx.Node = Graph.define(Pc);
  F.R[isa::R1] = Ctx;
  return true;
}

bool Verifier::push(State S, uint32_t Inst) {
  if (Open.size() >= MaxOpen)
    return fail(DiagCode::TooComplex,
                "more than " + Twine(MaxOpen) +
                    " branches are open at once here",
                "bound loops with a constant, make them shorter, or move their "
                "bodies to functions that are not static");
  if (Parent)
    ++Store[Parent].Branches;
  Open.push_back({std::move(S), Inst, Parent, uint32_t(Stretches.size() - 1),
                  Res.Stats.Processed});
  return true;
}

bool Verifier::resume() {
  if (Open.empty())
    return false;
  Cur = std::move(Open.back().S);
  Pc = Open.back().Inst;
  Parent = Open.back().Parent;
  Stretches.push_back(
      {Open.back().Stretch, Open.back().Left, Res.Stats.Processed + 1});
  Open.pop_back();
  return true;
}

/// The steps of the path that is gone now.
std::vector<StepRange> Verifier::wayHere() const {
  std::vector<StepRange> Way;
  if (Stretches.empty() || Stretches.back().First > Res.Stats.Processed)
    return Way;
  uint64_t Last = Res.Stats.Processed;
  for (size_t N = Stretches.size() - 1;; N = Stretches[N].From) {
    Way.push_back({Stretches[N].First, Last});
    if (!N)
      break;
    Last = Stretches[N].Left;
  }
  std::reverse(Way.begin(), Way.end());
  return Way;
}

void Verifier::takeVisits() {
  for (uint32_t N = 0; N != Visits.size(); ++N)
    if (Visits[N])
      Res.Visits.push_back({U.place(N), Visits[N]});
}

void Verifier::turn(uint32_t Inst, bool Taken, State &S) {
  Turns.push_back({S.History, Inst, Taken});
  S.History = uint32_t(Turns.size() - 1);
}

/// Locks and timers cannot be where programs run at any moment.
bool Verifier::mapFitsProgram(uint32_t Map) {
  using target::ProgType;
  bool Probes = O.Type == ProgType::Kprobe || O.Type == ProgType::Tracepoint ||
                O.Type == ProgType::PerfEvent ||
                O.Type == ProgType::RawTracepoint ||
                O.Type == ProgType::RawTracepointWritable;
  for (const SpecialField &F : P.Maps[Map].Special) {
    bool Lock = F.What == SpecialField::SpinLock;
    if ((Probes && (Lock || F.What == SpecialField::Timer ||
                    F.What == SpecialField::Workqueue)) ||
        (Lock && O.Type == ProgType::SocketFilter))
      return fail(DiagCode::LockMisuse,
                  "programs of this type cannot use map `" + P.Maps[Map].Name +
                      "`, whose values have a " +
                      (Lock ? "spin lock" : "timer"));
  }
  return true;
}

bool Verifier::step() {
  if (++Res.Stats.Processed > O.MaxSteps) {
    Res.Stats.Processed = O.MaxSteps;
    return fail(DiagCode::TooComplex,
                "after " + Twine(O.MaxSteps) +
                    " instructions the paths through the program have not "
                    "come to an end",
                "bound the loops with a constant, or use bpf_loop()");
  }
  ++StepsSinceKept;
  if (U.Marks[Pc] & Unit::Compare) {
    switch (compareAndKeep()) {
    case Seen::Failed:
      return false;
    case Seen::Yes:
      Ended = true;
      return true;
    case Seen::No:
      break;
    }
  }
  const isa::Inst &I = U.Insts[Pc];
  Sem What = isa::meaning(I.Opcode).What;
  if (What >= Sem::JEQ)
    ++JumpsSinceKept;
  if (isa::isArithmetic(What)) {
    if (!arithmetic(I))
      return false;
    ++Pc;
    return true;
  }
  if (isa::isCondition(What))
    return conditional(I);
  if (isa::form(I.Opcode) == isa::Form::Imm64 && I.Dst == isa::R10)
    return fail(DiagCode::PointerMath, "r10, the frame pointer, is written");
  switch (What) {
  case Sem::JA:
    Pc = U.Target[Pc];
    return true;
  case Sem::MAY_GOTO:
    return mayGoto(I);
  case Sem::LOAD:
  case Sem::LOADSX:
  case Sem::STORE:
  case Sem::LOAD_ACQ:
  case Sem::STORE_REL:
    if (!loadStore(I))
      return false;
    ++Pc;
    return true;
  case Sem::CALL_HELPER:
    return helperCall(I);
  case Sem::CALL_SUBPROG:
    return subprogCall(I);
  case Sem::CALL_KFUNC:
    return kfuncCall(I);
  case Sem::EXIT:
    return Cur.Frames.size() > 1 ? leave() : exitProgram();
  case Sem::LD_ABS:
  case Sem::LD_IND:
    if (!legacyLoad(I))
      return false;
    ++Pc;
    return true;
  case Sem::LD_IMM64:
    define(I.Dst, constantScalar(uint64_t(I.Imm)));
    ++Pc;
    return true;
  case Sem::LD_MAP_FD: {
    if (uint64_t(I.Imm) >= P.Maps.size())
      return cannotJudge("the map is not known");
    if (!mapFitsProgram(uint32_t(I.Imm)))
      return false;
    Reg R;
    R.K = Kind::MapPtr;
    R.Index = uint32_t(I.Imm);
    R.Value = analysis::Scalar::constant(0);
    define(I.Dst, R);
    ++Pc;
    return true;
  }
  case Sem::LD_MAP_VALUE: {
    uint32_t Map = uint32_t(I.Imm);
    uint64_t Off = uint64_t(I.Imm) >> 32;
    if (Map >= P.Maps.size())
      return cannotJudge("the map is not known");
    if (target::MapType(P.Maps[Map].Type) == target::MapType::Arena) {
      defineUnknown(I.Dst);
      ++Pc;
      return true;
    }
    if (target::MapType(P.Maps[Map].Type) != target::MapType::Array ||
        P.Maps[Map].MaxEntries != 1)
      return fail(DiagCode::HelperArgument,
                  "the address of a value of `" + P.Maps[Map].Name +
                      "` is taken, which is no array of one element",
                  "look it up: bpf_map_lookup_elem()");
    if (Off >= P.Maps[Map].ValueSize)
      return fail(DiagCode::OutOfBounds,
                  "the address is " + counted(Off, "byte") + " into `" +
                      P.Maps[Map].Name + "`, which has " +
                      Twine(P.Maps[Map].ValueSize));
    Reg R;
    R.K = Kind::MapValue;
    R.Index = Map;
    R.Off = int32_t(Off);
    R.Id = 0;
    R.Value = analysis::Scalar::constant(0);
    define(I.Dst, R);
    ++Pc;
    return true;
  }
  case Sem::LD_FUNC: {
    Reg R;
    R.K = Kind::Func;
    R.Index = U.Target[Pc];
    R.Value = analysis::Scalar::constant(0);
    define(I.Dst, R);
    ++Pc;
    return true;
  }
  case Sem::LD_BTF_ID: {
    if (uint64_t(I.Imm) >= P.Externs.size())
      return cannotJudge("a variable whose name is not known");
    if (!kernelSymbol(P.Externs[size_t(I.Imm)]))
      return false;
    ++Pc;
    return true;
  }
  case Sem::CALLX:
    return fail(DiagCode::BadFlow, "no kernel takes indirect calls",
                "call the functions by name, in a switch");
  case Sem::CAST:
    if (!arenaCast(I))
      return false;
    ++Pc;
    return true;
  case Sem::GOTOX:
    return cannotJudge("jumps through tables are not modelled");
  default:
    if (What >= Sem::ATOMIC_ADD && What <= Sem::CMPXCHG) {
      if (!atomicOp(I))
        return false;
      ++Pc;
      return true;
    }
    return cannotJudge("an instruction is not modelled");
  }
}

/// Whether the program names an arena, so that there is one for its casts.
bool Verifier::hasArena() const {
  return any_of(U.Insts, [&](const isa::Inst &I) {
    Sem What = isa::meaning(I.Opcode).What;
    uint32_t Map = uint32_t(I.Imm);
    return (What == Sem::LD_MAP_FD || What == Sem::LD_MAP_VALUE) &&
           Map < P.Maps.size() &&
           target::MapType(P.Maps[Map].Type) == target::MapType::Arena;
  });
}

/// A pointer into an arena is a number until it is cast to the kernel's side.
bool Verifier::arenaCast(const isa::Inst &I) {
  constexpr int64_t ToKernel = 1;
  if (!hasArena())
    return fail(DiagCode::PointerMath,
                "addresses are cast, and the program uses no arena",
                "name the arena: `bpf_arena_alloc_pages(&arena, ...)`");
  if (!read(I.Src))
    return false;
  Reg R = unknownScalar();
  if (I.Imm == ToKernel) {
    R.K = Kind::Arena;
    R.Value = analysis::Scalar::constant(0);
  }
  define(I.Dst, R, reg(I.Src).Node);
  return true;
}

bool Verifier::read(unsigned N) {
  const Reg &R = reg(N);
  if (R.is(Kind::NotInit))
    return fail(DiagCode::UninitRegister,
                N == isa::R0 ? Twine("the result of the function is not set "
                                     "on this path")
                             : "r" + Twine(N) +
                                   " is read here and was not set on this path",
                N == isa::R0 ? "return a value"
                : N <= isa::R5
                    ? "calls clear r1 to r5; set the variable on every path"
                    : "set the variable on every path");
  Graph.markRead(R.Node);
  return true;
}

void Verifier::define(unsigned N, Reg V, Nodes::Id A, Nodes::Id B) {
  V.Node = Graph.define(Pc, A, B);
  frame().R[N] = V;
}

Reg Verifier::unknownScalar() {
  Reg R;
  R.K = Kind::Scalar;
  return R;
}

Reg Verifier::constantScalar(uint64_t V) {
  Reg R;
  R.K = Kind::Scalar;
  R.Value = analysis::Scalar::constant(V);
  return R;
}

Reg Verifier::boundedScalar(unsigned Bytes, bool SignExtend) {
  Reg R = unknownScalar();
  if (Bytes == 8)
    return R;
  uint64_t Max = (uint64_t(1) << (8 * Bytes)) - 1;
  if (!SignExtend) {
    R.Value = analysis::Scalar::range(0, Max);
    return R;
  }
  R.Value.Whole = analysis::Interval<uint64_t>::ofSigned(-int64_t(Max / 2) - 1,
                                                         int64_t(Max / 2));
  (void)R.Value.deduce();
  return R;
}

void Verifier::defineUnknown(unsigned N, Nodes::Id A, Nodes::Id B) {
  define(N, unknownScalar(), A, B);
}

Result verify(const Program &P, uint32_t Entry, const Options &O) {
  return Verifier(P, Entry, O).run();
}

} // namespace bpfcc::verify
